/* eslint-disable */
// Generated from Rust by FluxStack Live. Do not edit.
import { registerSchema } from 'fluxstack-live'
export interface ChatProps {
  room: string
}
export interface Message {
  author: string
  content: string
}
export type Refused = 'empty' | 'tooLong'
export interface LiveSchema {
  ChatComponent: {
    props: ChatProps
    state: {
      messages: Message[]
      users: Record<string, string>
    }
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
