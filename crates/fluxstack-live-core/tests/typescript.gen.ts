/* eslint-disable */
// Generated from Rust by FluxStack Live. Do not edit.
import { registerSchema } from 'fluxstack-live'
/** An integer in decimal digits: `BigInt(it)` is its value, `String(5n) as Digits` makes one. */
export type Digits = string & { readonly __digits: unique symbol }
export type Adjacent =
  | { t: 'unit' }
  | { t: 'newtype'; 'the content': Mood[] }
  | { t: 'pair'; 'the content': [number, number | null] }
  | { t: 'fields'; 'the content': { x: number } }
export type Any =
  | 'a'
  | { b: number }
  | 'c'
export type Beside =
  | { type: 'nothing' }
  | ({ type: 'text' } & MessageReceived)
export type Cleared = null
/** Its props may lack what a state has. */
export interface DraftProps {
  name?: string
}
export type Empty = Record<string, never>
export type External =
  | 'unit'
  | { newtype: number }
  | { pair: [number, string] }
  | { fields: { twoWords: boolean; maybe: boolean | null; large: Digits } }
  | { large: Digits }
  | { nothing: Record<string, never> }
export type First =
  | 'a'
  | { b: number }
/** Its props already are a state, and more. */
export interface FormProps {
  name: string
  mood: Mood
  size: [number, number]
  errors: Record<string, string>
}
export type Internal =
  | { kind: 'empty' }
  /** More than allowed. */
  | { kind: 'tooLong'; /** In characters. */ mostAllowed: number }
  | ({ kind: 'sent' } & Message)
/**
 * A message.
 *
 * Its text may hold `*\/`.
 */
export interface Message {
  /** Given by the server. */
  id: UserId
  text: string
  type: Mood | null
  edits: (number | null)[]
  answers: Message[]
}
export interface MessageReceived {
  message: Message
}
/** How one feels. */
export type Mood =
  | 'calm'
  /** Not now. */
  | 'veryBusy'
export type Never = never
/** Only sent by a page. */
export interface NewMessage {
  text: string
  /** None for the room. */
  to?: UserId | null
  loud?: boolean
}
export type Point = [number, number]
export interface Props {
  room: string
  quiet?: boolean
}
/** Its props look like a state to TypeScript, which knows less of both than Rust does. */
export interface StampProps {
  at: string
  step: First
}
/** Milliseconds since the first of January 1970, UTC: `new Date(it)`, `Date.now()`. */
export type Timestamp = number
/** A map of itself. */
export type Tree = { [key in string]: Tree }
export type Unit = null
/** Who wrote it. */
export type UserId = string
export interface LiveSchema {
  /** Everything there is. */
  ChatComponent: {
    props: Props
    state: {
      /** Newest last. */
      messages: Message[]
      users: Record<UserId, Record<string, number>>
      moods: Partial<Record<Mood, string[]>>
      byNumber: Record<string, [boolean, number | null, Point]>
      byFlag: Partial<Record<'true' | 'false', null>>
      topic: string | null
      nickName: string
      foreign: unknown
      written: `${number}` | 'none'
      leaf: Message | null
      nothing: Unit
      tree: Tree
      trees: { [key in Mood]?: Tree }
      beside: Beside | null
      balance: Digits | null
      opened: Timestamp
      'größe': number
      /** Whether nobody has said anything. */
      isQuiet: boolean | null
    }
    propsAreState: false
    bind: 'topic' | 'nickName' | 'beside' | 'balance'
    actions: {
      /** Tells everyone. */
      sendMessage: { args: NewMessage; ok: UserId; err: Internal }
      nothing: { args: undefined; ok: void; err: never }
      unitPayload: { args: undefined; ok: Mood | null; err: never }
      maybe: { args: number | undefined; ok: External; err: never }
      submit: { args: Adjacent; ok: void; err: never }
      fails: { args: Empty; ok: Never; err: null }
    }
    events: {
      MESSAGE_RECEIVED: MessageReceived
      CLEARED: Cleared
    }
  }
  DraftComponent: {
    props: DraftProps
    state: {
      name: string
    }
    propsAreState: false
    bind: 'name'
    actions: Record<never, never>
    events: Record<never, never>
  }
  FormComponent: {
    props: FormProps
    state: {
      name: string
      mood: Mood | null
      size: number[]
    }
    propsAreState: true
    bind: 'name'
    actions: Record<never, never>
    events: Record<never, never>
  }
  StampComponent: {
    props: StampProps
    state: {
      at: string
      step: Any
    }
    propsAreState: false
    bind: never
    actions: Record<never, never>
    events: Record<never, never>
  }
}
declare module 'fluxstack-live' { interface Register { schema: LiveSchema } }
registerSchema({ propsAreState: ['FormComponent'] })
/** What `msgpack` of `fluxstack-live/msgpack` needs to know of the types. */
export const wire = {
  schema: 'f3e4e027',
  structs: [
    [['id', 0], ['text', 0], ['type', 0], ['edits', 0], ['answers', { list: 1 }]],
    [['message', 1]],
  ],
  components: {
    ChatComponent: { fields: [['messages', { list: 1 }], ['users', 0], ['moods', 0], ['byNumber', 0], ['byFlag', 0], ['topic', 0], ['nickName', 0], ['foreign', 0], ['written', 0], ['leaf', 1], ['nothing', 0], ['tree', 0], ['trees', 0], ['beside', 0], ['balance', 0], ['opened', 0], ['größe', 0], ['isQuiet', 0]], actions: ['sendMessage', 'nothing', 'unitPayload', 'maybe', 'submit', 'fails'], events: [['MESSAGE_RECEIVED', 2], ['CLEARED', 0]] },
    DraftComponent: { fields: [['name', 0]], actions: [], events: [] },
    FormComponent: { fields: [['name', 0], ['mood', 0], ['size', 0]], actions: [], events: [] },
    StampComponent: { fields: [['at', 0], ['step', 0]], actions: [], events: [] },
  },
} as const
