export { consignment } from './consignment.js'
export { priceOf } from './price.js'
export { cheapestRoute } from './routes.js'
