/* eslint-disable */
// Generated from Rust by FluxStack Live. Do not edit.
import { registerSchema } from 'fluxstack-live'
/** What a page begins with. */
export interface CounterProps {
  count: number
  title: string
}
export interface LiveSchema {
  /** A counter; each page that shows one has its own. */
  CounterComponent: {
    props: CounterProps
    state: {
      /** Changed by actions only. */
      count: number
      /** The page may set it as well. */
      title: string
    }
    propsAreState: true
    bind: 'title'
    actions: {
      increment: { args: number | undefined; ok: void; err: never }
      decrement: { args: number | undefined; ok: void; err: never }
      reset: { args: undefined; ok: void; err: never }
    }
    events: Record<never, never>
  }
}
declare module 'fluxstack-live' { interface Register { schema: LiveSchema } }
registerSchema({ propsAreState: ['CounterComponent'] })
/** What `msgpack` of `fluxstack-live/msgpack` needs to know of the types. */
export const wire = {
  schema: '8171928a',
  structs: [],
  components: {
    CounterComponent: { fields: [['count', 0], ['title', 0]], actions: ['increment', 'decrement', 'reset'], events: [] },
  },
} as const
