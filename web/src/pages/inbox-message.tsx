import {
  CheckCheckIcon,
  CheckIcon,
  CircleAlertIcon,
  ClockIcon,
  CornerDownRightIcon,
  ListIcon,
  PaperclipIcon,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/lib/format';
import type { Message } from '@/lib/conversation';
import { cn } from '@/lib/utils';
import { MessageFile } from '@/components/message-file';

/** The parts of a message that this page can show. The API writes them by the kind of the message. */
interface Content {
  kind?: string;
  text?: string;
  link?: string;
  caption?: string;
  button?: string;
  title?: string;
  url?: string;
  filename?: string;
  buttons?: { id?: string; title?: string }[];
  rows?: { id?: string; title?: string; description?: string }[];
  /** A template with its values. Messages of older programs lack it. */
  shown?: { header?: string; body: string; footer?: string; buttons?: string[] };
  /** The file above the text of a template. */
  header?: Partial<Record<'image' | 'video' | 'document', { link?: string }>>;
}

function Tick({ message }: { message: Message }) {
  const { t } = useTranslation();
  const Icon = {
    failed: CircleAlertIcon,
    accepted: CheckIcon,
    sent: CheckIcon,
    delivered: CheckCheckIcon,
    read: CheckCheckIcon,
  }[message.status];
  const words = t(`state.${message.status}`, { defaultValue: message.status });
  const Shown = Icon ?? ClockIcon;
  return (
    <Shown
      role="img"
      aria-label={words}
      className={cn(
        'size-4 shrink-0',
        message.status === 'read' && 'text-blue-600 dark:text-sky-300',
        message.status === 'failed' && 'text-destructive-text',
      )}
    >
      <title>{words}</title>
    </Shown>
  );
}

/** A file without a caption has a text in its place, such as `[image]` or `[document: invoice.pdf]`. */
function isStandIn({ media, kind, text }: Message) {
  return Boolean(media) && (text === `[${kind}]` || text.startsWith(`[${kind}: `));
}

function Buttons({ titles }: { titles: (string | undefined)[] }) {
  if (titles.length === 0) return null;
  return (
    <ul className="mt-2 flex flex-wrap gap-1">
      {titles.map((title, index) => (
        <li key={index} className="rounded-full border border-current/30 px-2.5 py-0.5 text-xs font-medium">
          <bdi>{title}</bdi>
        </li>
      ))}
    </ul>
  );
}

/** What the customer has read, as the phone shows it. */
function TemplateBody({ shown, header }: { shown: NonNullable<Content['shown']>; header: Content['header'] }) {
  const { t } = useTranslation();
  const image = header?.image?.link;
  const kind = header?.video ? 'video' : 'document';
  const link = header?.[kind]?.link;
  return (
    <>
      {image && <img src={image} alt="" loading="lazy" className="mb-1 max-h-64 rounded-md" />}
      {link && (
        <a href={link} target="_blank" rel="noopener noreferrer" className="mb-1 flex items-center gap-1 underline">
          <PaperclipIcon className="size-3.5 shrink-0" aria-hidden />
          {t(`inbox.media.${kind}`)}
        </a>
      )}
      {shown.header && (
        <p dir="auto" className="font-semibold break-words">
          {shown.header}
        </p>
      )}
      <p dir="auto" className="break-words whitespace-pre-wrap">
        {shown.body}
      </p>
      {shown.footer && (
        <p dir="auto" className="mt-1 text-xs break-words opacity-80">
          {shown.footer}
        </p>
      )}
      <Buttons titles={shown.buttons ?? []} />
    </>
  );
}

function Body({ message }: { message: Message }) {
  const content = (message.content ?? {}) as Content;
  if (content.shown) return <TemplateBody shown={content.shown} header={content.header} />;
  const isOut = message.direction === 'out';
  const isTap = !isOut && content.title !== undefined;
  // A template without its text names its buttons by what they need, not by their words.
  const rows = isOut ? (content.rows ?? []).filter((one) => one.title) : [];
  const buttons = isOut ? (content.buttons ?? []).filter((one) => one.title) : [];
  // The text of a choice repeats its options, which stand below as buttons.
  const text = rows.length || buttons.length ? (content.text ?? message.text) : (content.caption ?? message.text);
  return (
    <>
      {message.media && <MessageFile media={message.media} />}
      {isOut && !message.media && message.kind === 'image' && content.link && (
        <img src={content.link} alt="" loading="lazy" className="mb-1 max-h-64 rounded-md" />
      )}
      {!isStandIn(message) && (
        <p dir="auto" className="break-words whitespace-pre-wrap">
          {isTap && <CornerDownRightIcon className="me-1 inline size-4 rtl:-scale-x-100" aria-hidden />}
          {text}
        </p>
      )}
      {!isOut && !isTap && !message.media && content.filename && (
        <p className="mt-1 flex items-center gap-1 text-xs">
          <PaperclipIcon className="size-3.5 shrink-0" aria-hidden />
          <bdi className="break-all">{content.filename}</bdi>
        </p>
      )}
      <Buttons titles={buttons.map((one) => one.title)} />
      {rows.length > 0 && (
        <details className="mt-2 rounded-md border border-current/30 px-2.5 py-1 text-xs">
          <summary className="cursor-pointer font-medium">
            <ListIcon className="me-1 inline size-3.5" aria-hidden />
            <bdi>{content.button}</bdi>
          </summary>
          <ul className="mt-1 grid gap-1 pb-1">
            {rows.map((one, index) => (
              <li key={index}>
                <bdi>{one.title}</bdi>
                {one.description && <bdi className="block opacity-75">{one.description}</bdi>}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

/** The causes of messages by which the bot answers. */
const BOT = new Set(['ai', 'bot']);

/** Why a message has failed, with the provider's code once. */
function reasonOf({ error_detail: detail, error_code: code }: Message) {
  if (code == null || detail?.includes(String(code))) return detail;
  return detail ? `${detail} (${code})` : String(code);
}

export function MessageBubble({
  message,
  author,
  onWhy,
}: {
  message: Message;
  author?: string | null;
  /** Opens what is behind an answer of the bot. */
  onWhy?: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const isOut = message.direction === 'out';
  const who = author ?? t(`inbox.causes.${message.cause}`, { defaultValue: message.cause });
  return (
    <div
      className={cn(
        'max-w-[85%] rounded-lg px-3 py-2 text-sm shadow-xs',
        isOut ? 'self-end rounded-ee-none bg-accent text-accent-foreground' : 'self-start rounded-es-none bg-muted',
        message.status === 'failed' && 'border border-destructive-strong',
      )}
    >
      <Body message={message} />
      <p className="mt-1 flex items-center justify-end gap-1.5 text-xs opacity-80">
        {isOut && <bdi className="truncate">{who}</bdi>}
        <time dateTime={message.created_at} title={format.moment(message.created_at)} className="shrink-0">
          {format.clock(message.created_at)}
        </time>
        {isOut && <Tick message={message} />}
      </p>
      {message.status === 'failed' && (
        <p dir="auto" className="mt-1 text-xs text-destructive-text">
          {reasonOf(message) ?? t('inbox.failed')}
        </p>
      )}
      {onWhy && isOut && BOT.has(message.cause) && (
        <button type="button" className="block min-h-6 text-xs underline opacity-80" onClick={onWhy}>
          {t('inbox.why')}
        </button>
      )}
    </div>
  );
}
