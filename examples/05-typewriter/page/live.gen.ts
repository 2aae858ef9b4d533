/* eslint-disable */
// Generated from Rust by FluxStack Live. Do not edit.
import { registerSchema } from 'fluxstack-live'
export type TypewriterProps = Record<string, never>
export interface LiveSchema {
  TypewriterComponent: {
    props: TypewriterProps
    state: {
      question: string
      answer: string
      isTyping: boolean
    }
    propsAreState: false
    bind: never
    actions: {
      /** It is over at once; the answer comes from a job beside the component, which ends when the page is left. */
      ask: { args: string; ok: void; err: never }
      stop: { args: undefined; ok: void; err: never }
    }
    events: Record<never, never>
  }
}
declare module 'fluxstack-live' { interface Register { schema: LiveSchema } }
registerSchema({ propsAreState: [] })
/** What `msgpack` of `fluxstack-live/msgpack` needs to know of the types. */
export const wire = {
  schema: '4f546fdf',
  structs: [],
  components: {
    TypewriterComponent: { fields: [['question', 0], ['answer', 0], ['isTyping', 0]], actions: ['ask', 'stop'], events: [] },
  },
} as const
