import { FileTextIcon, SendIcon, StickyNoteIcon } from 'lucide-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { useAct } from '@/lib/act';
import type { Message } from '@/lib/conversation';
import { inLanguage } from '@/lib/format';
import { cannedQuery, useWorkspaceId } from '@/lib/queries';
import { tellTyping, typingEnded } from '@/lib/typing';
import { CAPTION_CHARS, kindOf, takesCaption, useUploads } from '@/lib/upload';
import { cn } from '@/lib/utils';
import { AttachButton, Attached, type useFiles } from '@/components/attach';
import { useReason } from '@/components/states';
import { Button } from '@/components/ui/button';
import { Textarea } from '@/components/ui/input';

export interface Draft {
  text: string;
  isNote: boolean;
  files: File[];
}

/** Files beside one text. */
export const MOST_FILES = 10;
const SHOWN = 6;

/** Where a member writes an answer or a note. A `/` at the beginning offers the canned replies. */
export function AnswerBox({
  id,
  contact,
  draft,
  onDraft,
  attached,
  language,
  isClosed,
  onSent,
  onTemplates,
  onLeave,
  takesFocus,
}: {
  id: string;
  contact: string;
  draft: Draft;
  onDraft: (draft: Draft) => void;
  /** The files of the draft. The whole conversation takes those that are dropped. */
  attached: ReturnType<typeof useFiles>;
  language: string;
  /** Only a template reaches the customer. */
  isClosed: boolean;
  onSent: (message: Message) => void;
  onTemplates?: () => void;
  onLeave: () => void;
  /** Whether the person has just opened the conversation and may write at once. */
  takesFocus: RefObject<boolean>;
}) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const list = useId();
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (takesFocus.current) box.current?.focus();
    takesFocus.current = false;
  }, [takesFocus]);
  const [at, setAt] = useState(0);
  const params = { path: { id } };
  const reason = useReason();
  const { sending, stop, upload } = useUploads(contact);
  const [fault, setFault] = useState('');
  const { text, isNote } = draft;
  const files = isNote ? [] : draft.files;
  const write = (next: string) => {
    onDraft({ ...draft, text: next });
    setAt(0);
    if (next.trim() && !isNote && !isClosed) tellTyping(id);
  };
  const post = async (body: Schemas['NewMessage']) => {
    onSent(await answer(api.POST('/api/v1/conversations/{id}/messages', { params, body })));
    typingEnded(id);
  };
  /** Sends the files one by one, and takes each that is sent from the draft: what fails stays in the box. */
  const sendFiles = async (input: Draft) => {
    let rest = input;
    setFault('');
    try {
      for (const file of input.files) {
        const stored = await upload(file);
        if (!stored) return;
        const caption = rest.text.trim();
        const fits = caption && caption.length <= CAPTION_CHARS && takesCaption(stored.kind);
        await post({ media: { id: stored.id, caption: fits ? caption : undefined } });
        rest = { ...rest, text: fits ? '' : rest.text, files: rest.files.filter((one) => one !== file) };
        onDraft(rest);
      }
      if (rest.text.trim()) await post({ text: rest.text.trim() });
      onDraft({ ...rest, text: '' });
    } catch (error) {
      setFault(reason(error));
    }
  };
  const send = useAct(async (input: Draft) => {
    if (!input.isNote && input.files.length) return sendFiles(input);
    const body = input.text.trim();
    // The box is free for the next text at once. A text that was refused comes back.
    onDraft({ ...input, text: '' });
    try {
      if (input.isNote) await api.POST('/api/v1/conversations/{id}/notes', { params, body: { body } });
      else await post({ text: body });
    } catch (error) {
      onDraft(input);
      throw error;
    }
  });
  const code = !isNote && /^\/([\w-]*)$/.exec(text)?.[1];
  const canned = useQuery({ ...cannedQuery(workspace), enabled: typeof code === 'string' }).data?.items;
  const offered =
    typeof code === 'string'
      ? (canned ?? []).filter((one) => one.code.startsWith(code.toLowerCase())).slice(0, SHOWN)
      : [];
  const isBarred = isClosed && !isNote;
  const maySend = Boolean(text.trim() || files.length) && !send.isPending && !isBarred;
  // Files take their time: the text that goes with them waits in the box.
  const isSendingFiles = send.isPending && files.length > 0;
  const isUnder = text.trim().length <= CAPTION_CHARS && files.some((file) => takesCaption(kindOf(file)));
  const press = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // An input method uses Enter to choose its words.
    if (event.nativeEvent.isComposing) return;
    if (offered.length && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      setAt((before) => (before + (event.key === 'ArrowDown' ? 1 : -1) + offered.length) % offered.length);
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      const chosen = offered[at];
      if (chosen) write(inLanguage(chosen.texts, language));
      else if (maySend) send.mutate(draft);
    } else if (event.key === 'Escape') {
      if (offered.length) write('');
      else onLeave();
    }
  };
  return (
    <form
      className={cn('relative grid gap-2 border-t p-3', isNote && 'bg-amber-50 dark:bg-amber-950/50')}
      onSubmit={(event) => {
        event.preventDefault();
        if (maySend) send.mutate(draft);
      }}
    >
      {isBarred && (
        <div className="flex flex-wrap items-center justify-between gap-2 text-sm" role="status">
          {t('inbox.windowClosed')}
          {onTemplates && (
            <Button size="sm" onClick={onTemplates}>
              <FileTextIcon aria-hidden />
              {t('inbox.sendTemplate')}
            </Button>
          )}
        </div>
      )}
      {offered.length > 0 && (
        <ul
          id={list}
          role="listbox"
          aria-label={t('nav.canned')}
          className="absolute inset-x-3 bottom-full mb-1 rounded-md border bg-popover p-1 text-popover-foreground shadow-md"
        >
          {offered.map((one, index) => (
            <li
              key={one.id}
              id={`${list}-${index}`}
              role="option"
              aria-selected={index === at}
              className={cn('flex cursor-pointer gap-3 rounded-sm p-2 text-sm', index === at && 'bg-muted')}
              // The box keeps the focus.
              onPointerDown={(event) => {
                event.preventDefault();
                write(inLanguage(one.texts, language));
              }}
            >
              <bdi className="shrink-0 font-mono font-medium">/{one.code}</bdi>
              <bdi className="truncate text-muted-foreground">{inLanguage(one.texts, language)}</bdi>
            </li>
          ))}
        </ul>
      )}
      <Attached
        files={files}
        sending={sending}
        isLocked={isSendingFiles}
        fault={isNote ? '' : attached.refusal || fault}
        onRemove={attached.remove}
        onStop={stop}
      />
      <Textarea
        ref={box}
        // Without a text, its direction is that of the hint.
        dir={text ? 'auto' : undefined}
        rows={2}
        className={cn('max-h-48 min-h-16 resize-none [field-sizing:content]', isBarred && 'hidden')}
        aria-label={isNote ? t('inbox.note') : t('inbox.answer')}
        aria-controls={offered.length ? list : undefined}
        aria-activedescendant={offered[at] && `${list}-${at}`}
        placeholder={isNote ? t('inbox.noteHint') : t('inbox.answerHint')}
        maxLength={isNote ? 4000 : 4096}
        value={text}
        readOnly={isSendingFiles}
        onChange={(event) => write(event.target.value)}
        onKeyDown={press}
        onPaste={(event) => {
          if (isNote || isSendingFiles || !event.clipboardData.files.length) return;
          event.preventDefault();
          attached.add(event.clipboardData.files);
        }}
      />
      {files.length > 0 && text.trim() && (
        <p className="text-xs text-muted-foreground">{isUnder ? t('attach.under') : t('attach.apart')}</p>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <Button
          size="sm"
          variant={isNote ? 'secondary' : 'ghost'}
          aria-pressed={isNote}
          onClick={() => {
            onDraft({ ...draft, isNote: !isNote });
            box.current?.focus();
          }}
        >
          <StickyNoteIcon aria-hidden />
          {t('inbox.note')}
        </Button>
        {!isNote && !isBarred && <AttachButton disabled={isSendingFiles} onFiles={attached.add} />}
        {onTemplates && !isNote && !isBarred && (
          <Button size="sm" variant="ghost" onClick={onTemplates}>
            <FileTextIcon aria-hidden />
            {t('inbox.template')}
          </Button>
        )}
        <Button type="submit" size="sm" className={cn('ms-auto', isBarred && 'hidden')} disabled={!maySend}>
          <SendIcon className="rtl:rotate-180" aria-hidden />
          {isNote ? t('inbox.keepNote') : t('inbox.send')}
        </Button>
      </div>
    </form>
  );
}
