import type { Resource } from '../resource.ts'

const resources = new WeakMap<object, Resource[]>()

/** Since resources are held weakly: one that lives as long as what it is about, so that nobody has to keep it. */
export function livingWith(subject: object, resource: Resource): Resource {
  resources.set(subject, [...(resources.get(subject) ?? []), resource])
  return resource
}
