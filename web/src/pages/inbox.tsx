// All conversations of the workspace, with the open one beside the list.

import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { UserIcon } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { ContactName } from '@/components/contact-name';
import { Empty, Failed } from '@/components/states';
import { SearchBox } from '@/components/table-tools';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { NativeSelect } from '@/components/ui/input';
import { Sheet, SheetContent, SheetTitle } from '@/components/ui/sheet';
import { Skeleton } from '@/components/ui/skeleton';
import { conversationQuery, type Conversation } from '@/lib/conversation';
import { dayOf, useFormat } from '@/lib/format';
import { useListState } from '@/lib/list-state';
import { useIsNarrow } from '@/lib/narrow';
import { channelsQuery, membersQuery, tagsQuery, useWorkspaceId } from '@/lib/queries';
import { byCursor } from '@/lib/table';
import { cn } from '@/lib/utils';
import type { Draft } from './inbox-answer';
import { Chat } from './inbox-chat';
import { ContactPanel } from './inbox-contact';

const PAGE = 30;
const FOUND = 10;
const NO_DRAFT: Draft = { text: '', isNote: false, files: [] };

/** What the list can show. The first one is shown without a choice. */
const SHOWS = {
  open: { status: 'open' },
  mine: { status: 'open', assignee_id: 'me' },
  unassigned: { status: 'open', assignee_id: 'nobody' },
  waiting: { waiting: true },
  snoozed: { status: 'snoozed' },
  closed: { status: 'closed' },
  all: {},
} as const;
type Show = keyof typeof SHOWS;

function useConversations() {
  const workspace = useWorkspaceId();
  const { search } = useListState();
  const show = (Object.keys(SHOWS) as Show[]).find((one) => one === search.f?.show) ?? 'open';
  const query = {
    ...SHOWS[show],
    q: search.q,
    channel_id: search.f?.channel,
    tag: search.f?.tag,
    contact_id: search.f?.contact,
    limit: PAGE,
  };
  const list = useInfiniteQuery({
    queryKey: [workspace, 'conversations', query],
    queryFn: ({ pageParam }) =>
      answer(api.GET('/api/v1/conversations', { params: { query: { ...query, cursor: pageParam } } })),
    ...byCursor,
  });
  return { list, show };
}

function Filters({ show }: { show: Show }) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const { search, filterBy } = useListState();
  const channels = useQuery(channelsQuery(workspace)).data?.items;
  const tags = useQuery(tagsQuery(workspace)).data?.items;
  return (
    <div className="grid gap-2 border-b p-3">
      <SearchBox label={t('inbox.search')} />
      <div className="grid grid-cols-2 gap-2">
        <NativeSelect
          aria-label={t('inbox.show')}
          className="col-span-2 h-8 py-0"
          value={show}
          onChange={(event) => filterBy('show', event.target.value === 'open' ? undefined : event.target.value)}
        >
          {Object.keys(SHOWS).map((one) => (
            <option key={one} value={one}>
              {t(`inbox.shows.${one}`)}
            </option>
          ))}
        </NativeSelect>
        <NativeSelect
          aria-label={t('inbox.channel')}
          className="h-8 py-0"
          value={search.f?.channel ?? ''}
          onChange={(event) => filterBy('channel', event.target.value || undefined)}
        >
          <option value="">{t('inbox.channels')}</option>
          {channels?.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </NativeSelect>
        <NativeSelect
          aria-label={t('inbox.tag')}
          className="h-8 py-0"
          value={search.f?.tag ?? ''}
          onChange={(event) => filterBy('tag', event.target.value || undefined)}
        >
          <option value="">{t('inbox.tags')}</option>
          {tags?.map((one) => (
            <option key={one.name} value={one.name}>
              {one.name}
            </option>
          ))}
        </NativeSelect>
      </div>
      {search.f?.contact && (
        <Button size="sm" variant="secondary" onClick={() => filterBy('contact', undefined)}>
          <ContactName id={search.f.contact} /> ✕
        </Button>
      )}
    </div>
  );
}

const ROW = 'block border-b px-3 py-2.5 focus-visible:-outline-offset-2';

function ConversationRow({ one, isOpen, onOpen }: { one: Conversation; isOpen: boolean; onOpen: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const members = useQuery(membersQuery(useWorkspaceId())).data?.items;
  const assignee = members?.find((member) => member.id === one.assignee_id);
  const isToday = dayOf(new Date(one.last_activity_at), format.zone) === format.today();
  return (
    <Link
      to="/inbox"
      search={(before) => ({ ...before, open: one.id, at: undefined })}
      data-conversation
      data-open={isOpen || undefined}
      className={cn(ROW, isOpen ? 'bg-accent text-accent-foreground' : 'hover:bg-muted')}
      onClick={onOpen}
    >
      <span className="flex items-center justify-between gap-2">
        <bdi className={cn('truncate text-sm', one.unread > 0 ? 'font-bold' : 'font-medium')}>
          {one.contact_name ?? one.contact_phone ?? '–'}
        </bdi>
        <span className="shrink-0 text-xs opacity-80">
          {isToday ? format.clock(one.last_activity_at) : format.day(one.last_activity_at)}
        </span>
      </span>
      <span className="flex items-center gap-2">
        {/* The text may run in another direction than the word before it. */}
        <span className="flex min-w-0 grow gap-1 text-sm opacity-80">
          {one.last_message?.direction === 'out' && <span className="shrink-0">{t('inbox.us')}</span>}
          <span dir="auto" className="min-w-0 truncate">
            {one.last_message?.text}
          </span>
        </span>
        {one.unread > 0 && (
          <span
            role="img"
            aria-label={t('inbox.unread', { number: one.unread })}
            className="min-w-5 shrink-0 rounded-full bg-primary px-1.5 text-center text-xs/5 font-semibold text-primary-foreground"
          >
            {one.unread}
          </span>
        )}
      </span>
      {(one.waiting_since || one.assignee_id || one.status !== 'open') && (
        <span className="mt-1 flex flex-wrap items-center gap-1.5">
          {one.waiting_since && <Badge tone="waiting">{t('inbox.waits')}</Badge>}
          {one.status !== 'open' && <Badge>{t(`state.${one.status}`)}</Badge>}
          {assignee && (
            <span className="inline-flex min-w-0 items-center gap-1 text-xs opacity-80">
              <UserIcon className="size-3 shrink-0" aria-hidden />
              <bdi className="truncate">{assignee.name ?? assignee.email}</bdi>
            </span>
          )}
        </span>
      )}
    </Link>
  );
}

function FoundMessage({ message, onOpen }: { message: Schemas['Message']; onOpen: () => void }) {
  const format = useFormat();
  const conversation = useQuery(conversationQuery(useWorkspaceId(), message.conversation_id)).data?.data;
  return (
    <Link
      to="/inbox"
      search={(before) => ({ ...before, open: message.conversation_id, at: message.id })}
      data-conversation
      className={cn(ROW, 'hover:bg-muted')}
      onClick={onOpen}
    >
      <span className="flex items-center justify-between gap-2 text-sm">
        <bdi className="truncate font-medium">{conversation?.contact_name ?? conversation?.contact_phone ?? '…'}</bdi>
        <span className="shrink-0 text-xs opacity-80">{format.day(message.created_at)}</span>
      </span>
      <span dir="auto" className="line-clamp-2 text-sm opacity-80">
        {message.text}
      </span>
    </Link>
  );
}

function FoundMessages({ q, onOpen }: { q: string; onOpen: () => void }) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const found = useQuery({
    queryKey: [workspace, 'messages', 'search', q],
    queryFn: () => answer(api.GET('/api/v1/messages/search', { params: { query: { q, limit: FOUND } } })),
  });
  return (
    <section aria-label={t('inbox.foundMessages')}>
      <h2 className="border-b bg-muted px-3 py-1.5 text-xs font-semibold">{t('inbox.foundMessages')}</h2>
      {found.isError ? (
        <Failed error={found.error} retry={() => void found.refetch()} />
      ) : found.isPending ? (
        <Skeleton className="m-3 h-12" />
      ) : found.data.items.length === 0 ? (
        <p className="p-3 text-sm text-muted-foreground">{t('table.nothing')}</p>
      ) : (
        found.data.items.map((one) => <FoundMessage key={one.id} message={one} onOpen={onOpen} />)
      )}
    </section>
  );
}

/** j and k walk through the list. Enter opens what they stand on, as it does with every link. */
function useKeys(list: React.RefObject<HTMLDivElement | null>) {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const at = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || (event.key !== 'j' && event.key !== 'k')) return;
      if (at.closest('input,textarea,select,[contenteditable],[role=dialog],[role=alertdialog],[role=menu]')) return;
      const links = [...(list.current?.querySelectorAll<HTMLElement>('[data-conversation]') ?? [])];
      const open = links.findIndex((link) => link.dataset.open !== undefined);
      const now = links.indexOf(at);
      const from = now >= 0 ? now : open;
      const next = event.key === 'j' ? from + 1 : from < 0 ? 0 : from - 1;
      links[Math.max(0, Math.min(links.length - 1, next))]?.focus();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [list]);
}

function ConversationList({
  open,
  onOpen,
  listRef,
}: {
  open: string | undefined;
  onOpen: () => void;
  listRef: React.RefObject<HTMLDivElement | null>;
}) {
  const { t } = useTranslation();
  const { search } = useListState();
  const { list, show } = useConversations();
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section
      aria-label={t('inbox.conversations')}
      className={cn('flex min-h-0 w-full flex-col border-e lg:w-80 lg:shrink-0', open && 'max-lg:hidden')}
    >
      <Filters show={show} />
      <div ref={listRef} className="min-h-0 grow overflow-y-auto">
        {list.isError ? (
          <Failed error={list.error} retry={() => void list.refetch()} />
        ) : list.isPending ? (
          Array.from({ length: 6 }, (_, row) => <Skeleton key={row} className="m-3 h-12" />)
        ) : items.length === 0 && !search.q ? (
          <Empty title={t('inbox.none')} hint={t('inbox.noneHint')} />
        ) : (
          items.map((one) => <ConversationRow key={one.id} one={one} isOpen={one.id === open} onOpen={onOpen} />)
        )}
        {list.hasNextPage && (
          <Button
            variant="ghost"
            className="w-full"
            disabled={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {t('inbox.moreConversations')}
          </Button>
        )}
        {search.q && <FoundMessages q={search.q} onOpen={onOpen} />}
      </div>
    </section>
  );
}

export function Inbox() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const isNarrow = useIsNarrow();
  const { search, change } = useListState();
  const open = search.open;
  const [drafts, setDrafts] = useState<Record<string, Draft>>({});
  const [showsContact, setShowsContact] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const takesFocus = useRef(false);
  const contact = useQuery({ ...conversationQuery(workspace, open ?? ''), enabled: Boolean(open) }).data?.data
    .contact_id;
  useKeys(list);
  const onOpen = () => {
    // On a phone the focus would open the keyboard over the messages.
    takesFocus.current = !isNarrow;
  };
  const back = () => {
    if (isNarrow || !list.current?.offsetParent) change({ open: undefined });
    else list.current.querySelector<HTMLElement>('[data-open]')?.focus();
  };
  return (
    <>
      <h1 className="mb-3 text-2xl font-bold sm:text-[2rem]">{t('nav.inbox')}</h1>
      <div className="-mb-8 flex h-[calc(100dvh-10rem)] min-h-96 overflow-hidden rounded-md border bg-card shadow-xs">
        <ConversationList open={open} onOpen={onOpen} listRef={list} />
        <section
          aria-label={t('inbox.conversation')}
          className={cn('flex min-w-0 grow flex-col', !open && 'max-lg:hidden')}
        >
          {open ? (
            <Chat
              key={open}
              id={open}
              at={search.at}
              draft={drafts[open] ?? NO_DRAFT}
              onDraft={(draft) => setDrafts((before) => ({ ...before, [open]: draft }))}
              onBack={back}
              onContact={() => setShowsContact(true)}
              takesFocus={takesFocus}
            />
          ) : (
            <Empty title={t('inbox.choose')} hint={t('inbox.keys')} />
          )}
        </section>
        {open && contact && (
          <aside
            aria-label={t('inbox.contact')}
            className="hidden w-72 shrink-0 overflow-y-auto border-s p-4 2xl:block"
          >
            <ContactPanel id={contact} />
          </aside>
        )}
      </div>
      <Sheet open={showsContact} onOpenChange={setShowsContact}>
        <SheetContent className="start-auto end-0 border-s border-e-0 p-4">
          <SheetTitle className="sr-only">{t('inbox.contact')}</SheetTitle>
          {contact && <ContactPanel id={contact} />}
        </SheetContent>
      </Sheet>
    </>
  );
}
