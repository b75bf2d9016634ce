// One conversation of the inbox: what was said, and what a member can do.

import { useQuery } from '@tanstack/react-query';
import {
  AlarmClockIcon,
  ArchiveIcon,
  ArchiveRestoreIcon,
  ArrowLeftIcon,
  BotIcon,
  CheckCheckIcon,
  ContactIcon,
  MoreVerticalIcon,
} from 'lucide-react';
import { lazy, Suspense, useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Tagged } from '@/api/client';
import { useAct } from '@/lib/act';
import {
  conversationQuery,
  isWindowClosed,
  lastHeard,
  notesQuery,
  useMessages,
  type Conversation,
  type Message,
} from '@/lib/conversation';
import { dayOf, useFormat } from '@/lib/format';
import { shifted, WEEK } from '@/lib/days';
import { channelsQuery, membersQuery, sameId, useIs, useMe, useWorkspace, useWorkspaceId } from '@/lib/queries';
import { cn } from '@/lib/utils';
import { contactQuery } from './contact-form';
import { DropHint, useDrop, useFiles } from '@/components/attach';
import { AnswerBox, MOST_FILES, type Draft } from './inbox-answer';
import { Field } from '@/components/field';
import { MessageBubble } from './inbox-message';
import { StateBadge } from '@/components/state-badge';
import { Failed, Loading } from '@/components/states';
import { TemplateAnswer } from './inbox-template';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Dialog, DialogContent, DialogFooter, DialogTitle } from '@/components/ui/dialog';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu';
import { Input, NativeSelect } from '@/components/ui/input';

const WhyDialog = lazy(() => import('./inbox-why').then(({ WhyDialog }) => ({ default: WhyDialog })));

const HOUR_MS = 3_600_000;
const MORNING = '09:00';

function useConversationActs({ data: { id }, etag }: Tagged<Conversation>) {
  const { t } = useTranslation();
  const params = { path: { id } };
  // Only what depends on what the member has seen is bound to it.
  const seen = { ...params, header: { 'If-Match': etag } };
  return {
    assign: useAct(
      (assignee_id: string | null) =>
        api.POST('/api/v1/conversations/{id}/assign', { params: seen, body: { assignee_id } }),
      t('common.done'),
    ),
    close: useAct(() => api.POST('/api/v1/conversations/{id}/close', { params: seen }), t('inbox.isClosed')),
    reopen: useAct(() => api.POST('/api/v1/conversations/{id}/reopen', { params }), t('common.done')),
    handBack: useAct(() => api.POST('/api/v1/conversations/{id}/hand-back', { params }), t('inbox.isHandedBack')),
    snooze: useAct(
      (until: string) => api.POST('/api/v1/conversations/{id}/snooze', { params, body: { until } }),
      t('inbox.isSnoozed'),
    ),
    read: useAct(() => api.POST('/api/v1/conversations/{id}/read', { params })),
  };
}

function SnoozeDialog({
  open,
  onOpenChange,
  onSnooze,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onSnooze: (until: string) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const [until, setUntil] = useState('');
  const [day = '', time = ''] = until.split('T');
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent aria-describedby={undefined}>
        <DialogTitle>{t('inbox.snooze')}</DialogTitle>
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            onSnooze(format.at(day, time));
            onOpenChange(false);
          }}
        >
          <Field label={t('inbox.snoozeUntil')} hint={t('inbox.snoozeHint')}>
            <Input
              type="datetime-local"
              min={format.field(new Date().toISOString())}
              value={until}
              onChange={(event) => setUntil(event.target.value)}
            />
          </Field>
          <DialogFooter>
            <Button type="submit" disabled={!until}>
              {t('inbox.snooze')}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}

function Head({
  conversation,
  onBack,
  onContact,
}: {
  conversation: Tagged<Conversation>;
  onBack: () => void;
  onContact: () => void;
}) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const me = useMe();
  const maySave = useIs('agent');
  const members = useQuery(membersQuery(workspace)).data?.items;
  const acts = useConversationActs(conversation);
  const [isSnoozing, setSnoozing] = useState(false);
  const one = conversation.data;
  const today = format.today();
  const snoozes = [
    { name: 'hour', until: () => new Date(Date.now() + HOUR_MS).toISOString() },
    { name: 'tomorrow', until: () => format.at(shifted(today, 1), MORNING) },
    { name: 'week', until: () => format.at(shifted(today, WEEK), MORNING) },
  ];
  return (
    <header className="flex flex-wrap items-center gap-2 border-b p-3">
      <Button variant="ghost" size="icon" className="lg:hidden" aria-label={t('common.back')} onClick={onBack}>
        <ArrowLeftIcon className="rtl:rotate-180" aria-hidden />
      </Button>
      <div className="min-w-0 grow">
        <h2 className="truncate font-semibold">
          <bdi>{one.contact_name ?? one.contact_phone ?? '–'}</bdi>
        </h2>
        <p className="flex flex-wrap items-center gap-1.5">
          <StateBadge state={one.status} />
          <Badge tone={one.handed_over ? 'busy' : 'neutral'}>
            {one.handed_over ? t('inbox.person') : t('inbox.bot')}
          </Badge>
          {one.status === 'snoozed' && (
            <span className="text-xs text-muted-foreground">{format.moment(one.snoozed_until)}</span>
          )}
        </p>
      </div>
      {maySave && one.unread > 0 && (
        <Button
          variant="ghost"
          size="icon"
          className="size-8"
          aria-label={t('inbox.markRead')}
          title={t('inbox.markRead')}
          disabled={acts.read.isPending}
          onClick={() => acts.read.mutate(undefined)}
        >
          <CheckCheckIcon aria-hidden />
        </Button>
      )}
      <Button
        variant="ghost"
        size="icon"
        className="size-8 2xl:hidden"
        aria-label={t('inbox.contact')}
        title={t('inbox.contact')}
        onClick={onContact}
      >
        <ContactIcon aria-hidden />
      </Button>
      {maySave && one.status !== 'closed' && (
        <DropdownMenu>
          <DropdownMenuTrigger asChild>
            <Button variant="ghost" size="icon" className="size-8" aria-label={t('inbox.more')}>
              <MoreVerticalIcon aria-hidden />
            </Button>
          </DropdownMenuTrigger>
          <DropdownMenuContent align="end">
            <DropdownMenuLabel>{t('inbox.snooze')}</DropdownMenuLabel>
            {snoozes.map(({ name, until }) => (
              <DropdownMenuItem key={name} onSelect={() => acts.snooze.mutate(until())}>
                <AlarmClockIcon aria-hidden />
                {t(`inbox.snoozes.${name}`)}
              </DropdownMenuItem>
            ))}
            <DropdownMenuItem onSelect={() => setSnoozing(true)}>
              <AlarmClockIcon aria-hidden />
              {t('inbox.snoozes.other')}
            </DropdownMenuItem>
          </DropdownMenuContent>
        </DropdownMenu>
      )}
      <div className="flex flex-wrap items-center gap-2 max-2xl:basis-full empty:hidden">
        {maySave && (
          <NativeSelect
            aria-label={t('inbox.assignee')}
            className="h-8 w-auto max-w-40 py-0"
            value={one.assignee_id ?? ''}
            disabled={acts.assign.isPending}
            onChange={(event) => acts.assign.mutate(event.target.value || null)}
          >
            <option value="">{t('inbox.nobody')}</option>
            {members?.map((member) => (
              <option key={member.id} value={member.id}>
                {member.id === me?.id ? t('inbox.me') : (member.name ?? member.email ?? '–')}
              </option>
            ))}
          </NativeSelect>
        )}
        {maySave && one.handed_over && one.status !== 'closed' && (
          <Button size="sm" variant="outline" onClick={() => acts.handBack.mutate(undefined)}>
            <BotIcon aria-hidden />
            {t('inbox.handBack')}
          </Button>
        )}
        {maySave && one.status === 'closed' && (
          <Button size="sm" disabled={acts.reopen.isPending} onClick={() => acts.reopen.mutate(undefined)}>
            <ArchiveRestoreIcon aria-hidden />
            {t('inbox.reopen')}
          </Button>
        )}
        {maySave && one.status !== 'closed' && (
          <Button
            size="sm"
            variant="outline"
            disabled={acts.close.isPending}
            onClick={() => acts.close.mutate(undefined)}
          >
            <ArchiveIcon aria-hidden />
            {t('inbox.close')}
          </Button>
        )}
      </div>
      <SnoozeDialog open={isSnoozing} onOpenChange={setSnoozing} onSnooze={(until) => acts.snooze.mutate(until)} />
    </header>
  );
}

interface Line {
  id: string;
  at: string;
  message?: Message;
  note?: { body: string; author_id?: string | null };
}

/** Asks for older messages when the top comes into sight. */
function Older({ onSeen, isBusy }: { onSeen: () => void; isBusy: boolean }) {
  const { t } = useTranslation();
  const latest = useRef(onSeen);
  latest.current = onSeen;
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const watch = new IntersectionObserver(([entry]) => entry?.isIntersecting && latest.current());
    if (button.current) watch.observe(button.current);
    return () => watch.disconnect();
  }, [isBusy]);
  return (
    <Button ref={button} size="sm" variant="ghost" className="self-center" disabled={isBusy} onClick={onSeen}>
      {isBusy ? t('common.loading') : t('inbox.older')}
    </Button>
  );
}

export function Chat({
  id,
  at,
  draft,
  onDraft,
  onBack,
  onContact,
  takesFocus,
}: {
  id: string;
  /** The message that comes into sight, of a search. */
  at: string | undefined;
  draft: Draft;
  onDraft: (draft: Draft) => void;
  onBack: () => void;
  onContact: () => void;
  takesFocus: RefObject<boolean>;
}) {
  const { t, i18n } = useTranslation();
  const workspaceId = useWorkspaceId();
  const workspace = useWorkspace();
  const format = useFormat();
  const maySave = useIs('agent');
  const maySeeCalls = useIs('admin');
  const [isChoosing, setChoosing] = useState(false);
  const [asked, setAsked] = useState<string | null>(null);
  const members = useQuery(membersQuery(workspaceId)).data?.items;
  const channels = useQuery(channelsQuery(workspaceId)).data?.items;
  const conversation = useQuery(conversationQuery(workspaceId, id));
  const notes = useQuery(notesQuery(workspaceId, id)).data?.items;
  const { messages, merge } = useMessages(id);
  const one = conversation.data?.data;
  const contact = useQuery({ ...contactQuery(workspaceId, one?.contact_id ?? ''), enabled: Boolean(one) }).data?.data;
  const language = contact?.language ?? workspace?.default_language ?? 'en';
  const channel = channels?.find((each) => each.id === one?.channel_id);
  const all = useMemo(() => messages.data?.pages.flatMap((page) => page.items) ?? [], [messages.data]);
  const isWhole = messages.isSuccess && !messages.hasNextPage;
  const lines = useMemo<Line[]>(() => {
    const oldest = all.at(-1)?.created_at ?? '';
    return [
      ...all.map((message) => ({ id: message.id, at: message.created_at, message })),
      ...(notes ?? [])
        .filter((note) => isWhole || note.created_at >= oldest)
        .map((note) => ({ id: note.id, at: note.created_at, note })),
    ].toSorted((a, b) => a.at.localeCompare(b.at));
  }, [all, notes, isWhole]);
  const { hasNextPage, isFetching, fetchNextPage } = messages;
  const found = useRef<string>(undefined);
  useEffect(() => {
    if (!at || found.current === at || all.length === 0) return;
    const place = document.getElementById(at);
    if (place) {
      found.current = at;
      place.scrollIntoView({ block: 'center' });
    } else if (hasNextPage && !isFetching && all.at(-1)!.id > at) void fetchNextPage();
  }, [at, all, hasNextPage, isFetching, fetchNextPage]);
  const dayName = useMemo(
    () => new Intl.DateTimeFormat(i18n.language, { dateStyle: 'full', timeZone: format.zone }),
    [i18n.language, format.zone],
  );
  const attached = useFiles(draft.files, (files) => onDraft({ ...draft, files }), MOST_FILES);
  const isClosed = isWindowClosed(channel?.kind, lastHeard(all, isWhole));
  const takesFiles = maySave && one && one.status !== 'closed' && !isClosed && !draft.isNote;
  const drop = useDrop(takesFiles ? attached.add : undefined);
  const authorOf = (author: string | null | undefined) => {
    const member = members?.find((each) => sameId(each.id, author));
    return member?.name ?? member?.email;
  };
  if (conversation.isError || messages.isError)
    return (
      <Failed
        error={conversation.error ?? messages.error}
        retry={() => void Promise.all([conversation.refetch(), messages.refetch()])}
      />
    );
  if (!conversation.data || !one || messages.isPending)
    return (
      <div className="p-4">
        <Loading />
      </div>
    );
  const onSent = (message: Message) => merge([message]);
  return (
    <div className="relative flex min-h-0 grow flex-col" {...drop.zone}>
      {drop.isOver && <DropHint />}
      <Head conversation={conversation.data} onBack={onBack} onContact={onContact} />
      {/* From its end to its beginning: the browser keeps the newest in sight, and the place when older ones come. */}
      <div className="flex min-h-0 grow flex-col-reverse overflow-y-auto p-3" tabIndex={0}>
        <div role="log" aria-label={t('inbox.chat')} className="flex flex-col gap-2">
          {messages.hasNextPage && (
            <Older isBusy={messages.isFetchingNextPage} onSeen={() => void messages.fetchNextPage()} />
          )}
          {lines.map((line, index) => {
            const day = dayOf(new Date(line.at), format.zone);
            const before = lines[index - 1];
            const isNewDay = !before || dayOf(new Date(before.at), format.zone) !== day;
            return (
              <div
                key={line.id}
                id={line.id}
                className={cn(
                  'flex flex-col gap-2',
                  line.id === at && '-mx-3 bg-amber-200/50 px-3 py-1 dark:bg-amber-500/20',
                )}
              >
                {isNewDay && (
                  <p role="separator" className="my-1 self-center rounded-full bg-muted px-3 py-0.5 text-xs">
                    {dayName.format(new Date(line.at))}
                  </p>
                )}
                {line.message ? (
                  <MessageBubble
                    message={line.message}
                    author={authorOf(line.message.author_id)}
                    onWhy={maySeeCalls ? () => setAsked(line.id) : undefined}
                  />
                ) : (
                  <div className="max-w-[85%] self-end rounded-lg border border-amber-400 bg-amber-100 px-3 py-2 text-sm text-amber-950 dark:border-amber-700 dark:bg-amber-950 dark:text-amber-100">
                    <p className="text-xs font-semibold">{t('inbox.note')}</p>
                    <p dir="auto" className="break-words whitespace-pre-wrap">
                      {line.note?.body}
                    </p>
                    <p className="mt-1 text-end text-xs">
                      <bdi>{authorOf(line.note?.author_id) ?? ''}</bdi> {format.clock(line.at)}
                    </p>
                  </div>
                )}
              </div>
            );
          })}
        </div>
      </div>
      {maySave && one.status !== 'closed' && (
        <AnswerBox
          id={id}
          contact={one.contact_id}
          draft={draft}
          onDraft={onDraft}
          attached={attached}
          language={language}
          isClosed={isClosed}
          onSent={onSent}
          onTemplates={channel?.kind === 'whatsapp' ? () => setChoosing(true) : undefined}
          onLeave={onBack}
          takesFocus={takesFocus}
        />
      )}
      {one.status === 'closed' && <p className="border-t p-4 text-center text-sm">{t('inbox.closedHint')}</p>}
      <TemplateAnswer
        id={id}
        account={channel?.account_id}
        language={language}
        open={isChoosing}
        onOpenChange={setChoosing}
        onSent={onSent}
      />
      {asked && (
        <Suspense>
          <WhyDialog message={asked} onClose={() => setAsked(null)} />
        </Suspense>
      )}
    </div>
  );
}
