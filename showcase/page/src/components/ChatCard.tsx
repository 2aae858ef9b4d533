// `ChatComponent`: a room with those who are in it and what they said. Who closes the window is gone from every other one.
import { useLiveComponent, useLiveEvent } from "fluxstack-live/react";
import { useRef, useState, type ReactNode } from "react";
import { flushSync } from "react-dom";
import type { ChatMessage, ChatUser } from "../live.gen.js";
import { Card } from "./Card.js";
import { Composer } from "./Composer.js";
import { RustSource } from "./RustSource.js";

export function ChatCard({ room }: { room: string }): ReactNode {
  const { state, callSafe, handle, status, pending, error } = useLiveComponent("ChatComponent", { room });
  const [mine, setMine] = useState<ReadonlySet<string>>(new Set());
  const [heard, setHeard] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  useLiveEvent(handle, "MESSAGE_RECEIVED", () => { setHeard((count) => count + 1); });

  const send = async (content: string) => {
    const result = await callSafe("sendMessage", { content });
    // In the same frame as the message itself, which is on screen by now.
    if (result.ok) flushSync(() => { setMine((ids) => new Set(ids).add(result.data.id)); });
    list.current?.scrollTo({ top: 0 });
    return result;
  };
  return (
    <Card
      name="Everyone in the room" component="ChatComponent" heading={`Chat in “${room}”`} tall stale={status === "stale"} waiting={pending.count}
      error={error?.code === "action" ? null : error}
      about="Only the new message travels. Close a window, and the server takes its visitor off the list."
      rust={<RustSource file="chat.rs" />}
    >
      <Here users={Object.values(state?.users ?? {})} />
      {/* Upside down in CSS, so that it stays at its end by itself, and where it is if one has scrolled up. */}
      <div ref={list} className="chat-log" role="log" aria-label="Messages" tabIndex={0}>
        <ol data-testid="chat-messages">
          {state?.messages.map((message) => (
            <Message key={message.id} message={message} author={state.users[message.userId]} isMine={mine.has(message.id)} />
          ))}
        </ol>
        {state?.messages.length === 0 && <p className="nothing">Nobody has said anything yet.</p>}
      </div>
      <Composer name="chat" label="Message" verb="Send" send={send} />
      <p className="chat-events" data-testid="chat-events">{heard} {heard === 1 ? "message" : "messages"} since you came</p>
    </Card>
  );
}

/** More names than this would push the messages off the card. */
const NAMES = 6;

function Here({ users }: { users: readonly ChatUser[] }): ReactNode {
  const more = users.length - NAMES;
  return (
    <div className="chat-here" data-testid="chat-users">
      <b>{users.length} here</b>
      <ul aria-label="Who is here">
        {users.slice(0, NAMES).map(({ id, name }) => <li key={id} data-testid="chat-user">{name}</li>)}
      </ul>
      {more > 0 && <span>and {more} more</span>}
    </div>
  );
}

interface MessageProps {
  readonly message: ChatMessage;
  /** Undefined once they have left. */
  readonly author: ChatUser | undefined;
  readonly isMine: boolean;
}

function Message({ message: { content, userId, timestamp }, author, isMine }: MessageProps): ReactNode {
  const time = new Date(timestamp);
  return (
    <li className="chat-message" data-testid="chat-message" data-mine={isMine}>
      <p className="chat-by">
        <b>{author?.name ?? `guest ${userId.slice(-4)}`}{isMine && " (you)"}</b> <time dateTime={time.toISOString()}>{CLOCK.format(time)}</time>
      </p>
      <p className="chat-content">{content}</p>
    </li>
  );
}

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
