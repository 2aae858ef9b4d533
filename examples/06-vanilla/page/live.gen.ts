/* eslint-disable */
// Generated from Rust by FluxStack Live. Do not edit.
import { registerSchema } from 'fluxstack-live'
export interface Line {
  what: string
  amount: number
}
export type ShoppingProps = Record<string, never>
export interface LiveSchema {
  ShoppingComponent: {
    props: ShoppingProps
    state: {
      what: string
      amount: number
      list: Line[]
    }
    propsAreState: false
    bind: 'what' | 'amount'
    actions: {
      /** Puts what the fields say on the list, and makes room for the next. */
      add: { args: undefined; ok: void; err: never }
      remove: { args: string; ok: void; err: never }
    }
    events: Record<never, never>
  }
}
declare module 'fluxstack-live' { interface Register { schema: LiveSchema } }
registerSchema({ propsAreState: [] })
/** What `msgpack` of `fluxstack-live/msgpack` needs to know of the types. */
export const wire = {
  schema: '9c25d4a9',
  structs: [
    [['what', 0], ['amount', 0]],
  ],
  components: {
    ShoppingComponent: { fields: [['what', 0], ['amount', 0], ['list', { list: 1 }]], actions: ['add', 'remove'], events: [] },
  },
} as const
