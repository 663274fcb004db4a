import { HttpError } from '../http-error.js'

/** The product with the id in a path; a 404 when there is none, or when it is no id. */
export async function findProduct(catalogue, idText) {
  const product = /^[1-9]\d{0,8}$/.test(idText) && (await catalogue.product(Number(idText)))
  if (!product) throw new HttpError(404, `No product ${idText}`)
  return product
}
