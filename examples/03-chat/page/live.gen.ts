/* eslint-disable */
// Generated from Rust by FluxStack Live. Do not edit.
import { registerSchema } from 'fluxstack-live'
export interface ChatProps {
  room: string
}
/** Kept in the list, and told as the event `MESSAGE` to those who are here. */
export interface Message {
  author: string
  content: string
}
/** Why a message is not sent. The page gets it as a typed error. */
export type Refused =
  | 'empty'
  | 'tooLong'
export interface LiveSchema {
  ChatComponent: {
    props: ChatProps
    state: {
      /** The newest first. Only what is done to the list travels, not the list. */
      messages: Message[]
      users: Record<string, string>
    }
    propsAreState: false
    bind: never
    actions: {
      sendMessage: { args: string; ok: void; err: Refused }
    }
    events: {
      MESSAGE: Message
    }
  }
}
declare module 'fluxstack-live' { interface Register { schema: LiveSchema } }
registerSchema({ propsAreState: [] })
/** What `msgpack` of `fluxstack-live/msgpack` needs to know of the types. */
export const wire = {
  schema: 'f3d2184b',
  structs: [
    [['author', 0], ['content', 0]],
  ],
  components: {
    ChatComponent: { fields: [['messages', { list: 1 }], ['users', 0]], actions: ['sendMessage'], events: [['MESSAGE', 1]] },
  },
} as const
