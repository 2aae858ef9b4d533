/* eslint-disable */
// Generated from Rust by FluxStack Live. Do not edit.
import { registerSchema } from 'fluxstack-live'
/** Something on the list. */
export interface Item {
  id: string
  text: string
  done: boolean
}
/** What is to be added. */
export interface NewItem {
  id: string
  text: string
}
/** One for all. */
export type Nothing = Record<string, never>
export interface LiveSchema {
  /** Everyone types into the same one. */
  FormComponent: {
    props: Nothing
    state: {
      title: string
      /** Kept without the spaces around it. */
      note: string
      agreed: boolean
      /** At most 100. */
      amount: number
    }
    propsAreState: false
    bind: 'title' | 'note' | 'agreed' | 'amount'
    actions: {
      /** Empties the title, also where its caller types it. */
      publish: { args: undefined; ok: void; err: never }
    }
    events: Record<never, never>
  }
  /** Everyone's list, whose items are named by who adds them. */
  ListComponent: {
    props: Nothing
    state: {
      items: Item[]
    }
    propsAreState: false
    bind: never
    actions: {
      add: { args: NewItem; ok: void; err: never }
      /** What is locked stays as it is. */
      toggle: { args: string; ok: void; err: never }
      remove: { args: string; ok: void; err: never }
    }
    events: Record<never, never>
  }
}
declare module 'fluxstack-live' { interface Register { schema: LiveSchema } }
registerSchema({ propsAreState: [] })
/** What `msgpack` of `fluxstack-live/msgpack` needs to know of the types. */
export const wire = {
  schema: 'ec7a0035',
  structs: [
    [['id', 0], ['text', 0], ['done', 0]],
  ],
  components: {
    FormComponent: { fields: [['title', 0], ['note', 0], ['agreed', 0], ['amount', 0]], actions: ['publish'], events: [] },
    ListComponent: { fields: [['items', { list: 1 }]], actions: ['add', 'toggle', 'remove'], events: [] },
  },
} as const
