/* eslint-disable */
// Kept by hand until typegen (issue 3) writes it from the Rust types of the showcase.
import { registerSchema } from 'fluxstack-live'
export interface LiveSchema {
  CounterComponent: {
    props: { count: number; title: string }
    state: { count: number; title: string }
    bind: 'title'
    actions: {
      increment: { args: number | undefined; ok: void; err: never }
      decrement: { args: number | undefined; ok: void; err: never }
      reset: { args: undefined; ok: void; err: never }
    }
    events: Record<never, never>
  }
  SharedCounterComponent: {
    props: { room: string }
    state: { count: number }
    bind: never
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
