/** Puts arguments that JSON has no form for into one that it has, and back. */
export interface ArgumentCodec<
  Args extends readonly unknown[] = readonly unknown[],
  Form = unknown,
> {
  /** Called while recording, before the call; must not change the arguments. */
  serialize(args: Args): Form
  /** Called before each rehearsed call. */
  deserialize(form: Form): Args
}

const codecs = new Map<string, ArgumentCodec>()

/** `recordable` is told of the codec, and `rehearse` needs it: the name is what they have in common. */
export function rememberCodec(name: string, codec: ArgumentCodec | undefined): void {
  if (codec === undefined) codecs.delete(name)
  else codecs.set(name, codec)
}

export function codecOf(name: string): ArgumentCodec | undefined {
  return codecs.get(name)
}
