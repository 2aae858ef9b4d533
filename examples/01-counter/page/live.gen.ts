/* eslint-disable */
// Generated from Rust by FluxStack Live. Do not edit.
import { registerSchema } from 'fluxstack-live'
export interface CounterProps {
  count: number
  title: string
}
export interface LiveSchema {
  CounterComponent: {
    props: CounterProps
    state: {
      count: number
      title: string
    }
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
