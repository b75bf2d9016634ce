import { useQuery } from '@tanstack/react-query';
import { CalendarPlusIcon, ExternalLinkIcon, KeyRoundIcon, PlusIcon } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, asItIs, LARGEST, tagged, type Schemas } from '@/api/client';
import { actionsColumn, timeColumn } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { DaySteps } from '@/components/day-steps';
import { AddButton, Fact, Facts, PageHead } from '@/components/page';
import { RecordDialog, type FormField } from '@/components/record-form';
import { DeleteButton, EditButton, RowButton } from '@/components/row-actions';
import { Picture } from '@/components/picture';
import { StateBadge } from '@/components/state-badge';
import { Failed } from '@/components/states';
import { Tabs, useTab } from '@/components/tabs';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Dialog, DialogContent, DialogTitle } from '@/components/ui/dialog';
import { useAct } from '@/lib/act';
import { dayNames, daysFrom, mondayOf, shifted, WEEK } from '@/lib/days';
import { dayOf, useFormat } from '@/lib/format';
import { useListState } from '@/lib/list-state';
import { useOpened } from '@/lib/opened';
import { socialAccountsQuery, socialContentsQuery, useIs, useWorkspace, useWorkspaceId } from '@/lib/queries';
import { cn } from '@/lib/utils';
import { timeZonesWith } from '@/lib/zones';

type Account = Schemas['SocialAccount'];
type Content = Schemas['SocialContent'];
type Schedule = Schemas['SocialSchedule'];
type Publication = Schemas['SocialPublication'];

const readContent = (id: string) => tagged(api.GET('/api/v1/social/contents/{id}', { params: { path: { id } } }));
const readAccount = (id: string) => tagged(api.GET('/api/v1/social/accounts/{id}', { params: { path: { id } } }));
const readSchedule = (id: string) => tagged(api.GET('/api/v1/social/schedules/{id}', { params: { path: { id } } }));

const NETWORKS = { instagram: 'Instagram', facebook: 'Facebook' } as const;
const LIVE_MS = 5_000;

function shortOf(content: Content | undefined) {
  return content?.text.slice(0, 80) || content?.media[0]?.alt || '–';
}

/** The images of a content: one address in each line, with its description after a space. */
function mediaOf(text: string) {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const [url = '', ...alt] = line.split(' ');
      return { url, alt: alt.join(' ').trim() || null };
    });
}

function ScheduleDialog({
  of,
  content,
  day,
  open,
  onOpenChange,
}: {
  of?: ReturnType<typeof useOpened<Schedule>>['of'];
  content?: string;
  day?: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const { t } = useTranslation();
  const workspaceId = useWorkspaceId();
  const workspace = useWorkspace();
  const format = useFormat();
  const accounts = useQuery(socialAccountsQuery(workspaceId)).data?.items;
  const contents = useQuery(socialContentsQuery(workspaceId)).data?.items;
  const tomorrow = shifted(format.today(), 1);
  const when: FormField[] = [
    {
      name: 'time',
      label: t('social.when'),
      kind: 'datetime-local',
      required: true,
      pointer: 'local_time',
    },
    {
      name: 'zone',
      label: t('social.zone'),
      kind: 'choice',
      options: timeZonesWith(of?.data.zone ?? workspace?.time_zone),
    },
  ];
  const choose = { value: '', label: t('campaigns.choose') };
  return (
    <RecordDialog
      open={open}
      onOpenChange={onOpenChange}
      title={of ? t('social.move') : t('social.schedule')}
      hint={t('social.scheduleHint')}
      action={of ? t('social.move') : t('social.schedule')}
      of={of}
      initial={{ content: content ?? '', time: `${day ?? tomorrow}T10:00`, zone: workspace?.time_zone ?? 'UTC' }}
      valuesOf={(one) => ({ time: one.local_time.slice(0, 16), zone: one.zone })}
      read={of && (() => readSchedule(of.data.id))}
      groups={[
        {
          fields: of
            ? when
            : [
                {
                  name: 'content',
                  label: t('social.content'),
                  kind: 'choice',
                  required: true,
                  pointer: 'content_id',
                  options: [choose, ...(contents ?? []).map((one) => ({ value: one.id, label: shortOf(one) }))],
                },
                {
                  name: 'account',
                  label: t('social.account'),
                  kind: 'choice',
                  required: true,
                  pointer: 'account_id',
                  options: [
                    choose,
                    ...(accounts ?? []).map((one) => ({
                      value: one.id,
                      label: `${one.name} (${NETWORKS[one.network]})`,
                    })),
                  ],
                },
                ...when,
              ],
        },
      ]}
      save={(values, _, etag) => {
        const local_time = `${values.time}:00`;
        const zone = values.zone ?? 'UTC';
        return of
          ? api.PATCH('/api/v1/social/schedules/{id}', {
              params: { path: { id: of.data.id }, header: { 'If-Match': etag } },
              body: { local_time, zone },
            })
          : api.POST('/api/v1/social/schedules', {
              body: { content_id: values.content ?? '', account_id: values.account ?? '', local_time, zone },
            });
      }}
    />
  );
}

function Calendar() {
  const { t, i18n } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const { search, change } = useListState();
  const maySave = useIs('admin');
  const today = format.today();
  const monday = mondayOf(search.day ?? today);
  const [newDay, setNewDay] = useState<string | null>(null);
  const opened = useOpened<Schedule>(readSchedule);
  const contents = useQuery(socialContentsQuery(workspace)).data?.items;
  const accounts = useQuery(socialAccountsQuery(workspace)).data?.items;
  const days = daysFrom(monday, WEEK);
  const query = useQuery({
    queryKey: [workspace, 'schedules', monday, format.zone],
    queryFn: () =>
      answer(
        api.GET('/api/v1/social/schedules', {
          params: {
            query: { from: format.at(monday, '00:00'), to: format.at(shifted(monday, WEEK), '00:00'), limit: LARGEST },
          },
        }),
      ),
    refetchInterval: LIVE_MS,
  });
  const cancel = useAct(
    async (id: string) => api.DELETE('/api/v1/social/schedules/{id}', { params: await asItIs(readSchedule, id) }),
    t('common.done'),
  );
  const weekday = dayNames(i18n.language, { weekday: 'short', day: 'numeric', month: 'short' });
  const go = (to: string) => change({ day: mondayOf(to) === mondayOf(today) ? undefined : mondayOf(to) });
  return (
    <>
      <PageHead title={t('nav.social')}>
        <DaySteps
          day={monday}
          span={WEEK}
          labels={{ before: t('social.weekBefore'), day: t('social.week'), after: t('social.weekAfter') }}
          onGo={go}
        />
        {maySave && (
          <Button onClick={() => setNewDay(shifted(today, 1))}>
            <CalendarPlusIcon aria-hidden />
            {t('social.schedule')}
          </Button>
        )}
      </PageHead>
      <Parts />
      {query.isError ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : (
        <ol className="grid gap-3 lg:grid-cols-7 lg:gap-px lg:overflow-hidden lg:rounded-md lg:border lg:bg-border">
          {days.map((day) => {
            const posts = (query.data?.items ?? []).filter((one) => dayOf(new Date(one.due_at), format.zone) === day);
            return (
              <li key={day} className="min-w-0 rounded-md border bg-card p-3 lg:min-h-64 lg:rounded-none lg:border-0">
                <div className="mb-2 flex items-center justify-between">
                  <h2 className={cn('text-sm font-semibold', day === today && 'text-primary-text')}>{weekday(day)}</h2>
                  {maySave && day >= today && (
                    <Button
                      variant="ghost"
                      size="icon"
                      className="size-7"
                      aria-label={`${t('social.schedule')}: ${day}`}
                      onClick={() => setNewDay(day)}
                    >
                      <PlusIcon aria-hidden />
                    </Button>
                  )}
                </div>
                <ul className="grid gap-2">
                  {posts.map((post) => {
                    const account = accounts?.find((one) => one.id === post.account_id);
                    const text = shortOf(contents?.find((one) => one.id === post.content_id));
                    return (
                      <li key={post.id} className="grid gap-1 rounded-md border bg-background p-2 text-xs">
                        <span className="flex flex-wrap items-center gap-1 font-medium">
                          {format.clock(post.due_at)} <StateBadge state={post.status} />
                        </span>
                        <span className="text-muted-foreground">
                          {NETWORKS[post.network]} · {account?.name}
                        </span>
                        <bdi className="line-clamp-3 break-words">{text}</bdi>
                        {post.error && <span className="text-destructive-text">{post.error}</span>}
                        <span className="flex">
                          {post.permalink && (
                            <a
                              href={post.permalink}
                              target="_blank"
                              rel="noreferrer"
                              aria-label={t('social.see')}
                              className="grid size-8 place-items-center"
                            >
                              <ExternalLinkIcon className="size-4" aria-hidden />
                            </a>
                          )}
                          {maySave && (post.status === 'scheduled' || post.status === 'failed') && (
                            <EditButton name={text} onClick={() => opened.edit(post.id)} />
                          )}
                          {maySave && post.status === 'scheduled' && (
                            <DeleteButton
                              name={text}
                              title={t('social.cancelTitle')}
                              text={t('social.cancelText')}
                              action={t('social.cancel')}
                              onConfirm={() => cancel.mutateAsync(post.id)}
                            />
                          )}
                        </span>
                      </li>
                    );
                  })}
                </ul>
              </li>
            );
          })}
        </ol>
      )}
      <ScheduleDialog
        open={newDay !== null}
        day={newDay ?? undefined}
        onOpenChange={(open) => !open && setNewDay(null)}
      />
      <ScheduleDialog open={opened.isOpen} of={opened.of} onOpenChange={opened.onOpenChange} />
    </>
  );
}

function Contents() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const maySave = useIs('admin');
  const [scheduled, setScheduled] = useState<string | null>(null);
  const opened = useOpened<Content>(readContent);
  const edit = opened.edit;
  const remove = useAct(
    async (id: string) => api.DELETE('/api/v1/social/contents/{id}', { params: await asItIs(readContent, id) }),
    t('common.deleted'),
  );
  const columns = useMemo<Column<Content>[]>(
    () => [
      {
        id: 'text',
        header: t('social.text'),
        value: (one) => one.text,
        filter: { kind: 'text' },
        cell: (one) => (
          <span className="flex items-center gap-3">
            {one.media[0] && <Picture url={one.media[0].url} alt={one.media[0].alt ?? ''} className="size-9 border" />}
            <bdi className="line-clamp-2 max-w-xl">{one.text || '–'}</bdi>
          </span>
        ),
      },
      {
        id: 'images',
        header: t('social.images'),
        align: 'end',
        value: (one) => one.media.length,
        cell: (one) => format.number(one.media.length),
      },
      {
        id: 'variants',
        header: t('social.variants'),
        value: (one) => Object.keys(one.variants).join(', '),
        cell: (one) =>
          Object.keys(one.variants)
            .map((network) => (NETWORKS as Record<string, string>)[network] ?? network)
            .join(', ') || '–',
      },
      timeColumn('created', t('common.created'), format.moment, (one) => one.created_at),
      ...actionsColumn(maySave, (one: Content) => (
        <>
          <RowButton words={t('social.schedule')} name={shortOf(one)} onClick={() => setScheduled(one.id)}>
            <CalendarPlusIcon aria-hidden />
          </RowButton>
          <EditButton name={shortOf(one)} onClick={() => edit(one.id)} />
          <DeleteButton
            name={shortOf(one)}
            title={t('social.deleteTitle')}
            text={t('social.deleteText')}
            onConfirm={() => remove.mutateAsync(one.id)}
          />
        </>
      )),
    ],
    [t, format, maySave],
  );
  return (
    <>
      <PageHead title={t('nav.social')}>
        {maySave && <AddButton onClick={opened.add}>{t('social.add')}</AddButton>}
      </PageHead>
      <Parts />
      <DataTable
        name="contents"
        label={t('social.contents')}
        columns={columns}
        source={{
          key: [workspace, 'social-contents'],
          load: ({ limit, cursor }) =>
            answer(api.GET('/api/v1/social/contents', { params: { query: { limit, cursor } } })),
        }}
        rowId={(one) => one.id}
        onRow={maySave ? (one) => opened.edit(one.id) : undefined}
        empty={{ title: t('social.contentsNone'), hint: t('social.contentsHint') }}
      />
      <RecordDialog
        {...opened.dialog}
        title={opened.of ? t('social.edit') : t('social.add')}
        valuesOf={(one) => ({
          text: one.text,
          media: one.media.map((each) => [each.url, each.alt].filter(Boolean).join(' ')).join('\n'),
          instagram: one.variants.instagram ?? '',
          facebook: one.variants.facebook ?? '',
        })}
        groups={[
          {
            fields: [
              { name: 'text', label: t('social.text'), kind: 'area' },
              { name: 'media', label: t('social.images'), hint: t('social.imagesHint'), kind: 'area' },
            ],
          },
          {
            legend: t('social.variants'),
            folded: true,
            fields: Object.entries(NETWORKS).map(([name, label]) => ({
              name,
              label,
              kind: 'area' as const,
              pointer: `variants.${name}`,
            })),
          },
        ]}
        save={(values, changed, etag) => {
          const before = opened.of?.data;
          const text = values.text?.trim() ?? '';
          const media = mediaOf(values.media ?? '');
          const variants = Object.fromEntries(
            Object.keys(NETWORKS)
              .map((network) => [network, values[network]?.trim() ?? ''])
              .filter(([, other]) => other),
          ) as Record<string, string>;
          if (!before) return api.POST('/api/v1/social/contents', { body: { text, media, variants } });
          return api.PATCH('/api/v1/social/contents/{id}', {
            params: { path: { id: before.id }, header: { 'If-Match': etag } },
            body: {
              ...(changed.has('text') && { text }),
              ...(changed.has('media') && { media }),
              ...((changed.has('instagram') || changed.has('facebook')) && { variants }),
            },
          });
        }}
      />
      <ScheduleDialog
        open={scheduled !== null}
        content={scheduled ?? undefined}
        onOpenChange={(open) => !open && setScheduled(null)}
      />
    </>
  );
}

function Publications() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const [shown, setShown] = useState<Publication | null>(null);
  const accounts = useQuery(socialAccountsQuery(workspace)).data?.items;
  const columns = useMemo<Column<Publication>[]>(
    () => [
      timeColumn('started', t('social.begun'), format.moment, (one) => one.started_at),
      {
        id: 'account',
        header: t('social.account'),
        value: (one) => accounts?.find((each) => each.id === one.account_id)?.name,
        filter: {
          kind: 'choice',
          server: true,
          quick: true,
          all: t('social.allAccounts'),
          of: (one) => [one.account_id],
          options: (accounts ?? []).map((one) => ({ value: one.id, label: one.name })),
        },
        cell: (one) => (
          <>
            {accounts?.find((each) => each.id === one.account_id)?.name ?? '–'}{' '}
            <span className="text-muted-foreground">{NETWORKS[one.network]}</span>
          </>
        ),
      },
      {
        id: 'text',
        header: t('social.text'),
        value: (one) => one.text,
        filter: { kind: 'text' },
        cell: (one) => <bdi className="line-clamp-2 max-w-md">{one.text}</bdi>,
      },
      {
        id: 'status',
        header: t('common.state'),
        value: (one) => one.status,
        filter: {
          kind: 'choice',
          options: (['publishing', 'published', 'failed'] as const).map((one) => ({
            value: one,
            label: t(`state.${one}`),
          })),
        },
        cell: (one) => <StateBadge state={one.status} />,
      },
    ],
    [t, format, accounts],
  );
  return (
    <>
      <PageHead title={t('nav.social')} />
      <Parts />
      <DataTable
        name="publications"
        label={t('social.publications')}
        columns={columns}
        source={{
          key: [workspace, 'publications'],
          every: LIVE_MS,
          load: ({ filters, limit, cursor }) =>
            answer(
              api.GET('/api/v1/social/publications', {
                params: { query: { account_id: filters.account, limit, cursor } },
              }),
            ),
        }}
        rowId={(one) => one.id}
        onRow={setShown}
        empty={{ title: t('social.publicationsNone'), hint: t('social.publicationsHint') }}
      />
      <Dialog open={shown !== null} onOpenChange={(open) => !open && setShown(null)}>
        {shown && (
          <DialogContent aria-describedby="">
            <DialogTitle className="flex items-center gap-2">
              {NETWORKS[shown.network]} <StateBadge state={shown.status} />
            </DialogTitle>
            <p className="text-sm break-words whitespace-pre-wrap">{shown.text}</p>
            {shown.error && <p className="text-sm text-destructive-text">{shown.error}</p>}
            <Facts>
              <Fact label={t('social.begun')}>{format.moment(shown.started_at)}</Fact>
              <Fact label={t('social.published')}>{format.moment(shown.published_at)}</Fact>
            </Facts>
            <ol className="grid gap-2">
              {shown.steps.map((step, index) => (
                <li key={index} className="border-s-2 ps-3 text-sm">
                  <span className="font-medium">{step.step.replaceAll('_', ' ')}</span>
                  <span className="text-muted-foreground"> · {format.moment(step.at)}</span>
                  {step.detail && <p className="text-muted-foreground">{step.detail}</p>}
                </li>
              ))}
            </ol>
            {shown.permalink && (
              <Button asChild variant="outline">
                <a href={shown.permalink} target="_blank" rel="noreferrer">
                  {t('social.see')}
                </a>
              </Button>
            )}
          </DialogContent>
        )}
      </Dialog>
    </>
  );
}

function Accounts() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const maySave = useIs('admin');
  const [isNew, setNew] = useState(false);
  const [rotated, setRotated] = useState<Account | null>(null);
  const remove = useAct(
    async (id: string) => api.DELETE('/api/v1/social/accounts/{id}', { params: await asItIs(readAccount, id) }),
    t('common.done'),
  );
  const columns = useMemo<Column<Account>[]>(
    () => [
      {
        id: 'name',
        header: t('common.name'),
        value: (one) => one.name,
        cell: (one) => <span className="font-medium">{one.name}</span>,
      },
      {
        id: 'network',
        header: t('social.network'),
        value: (one) => one.network,
        filter: {
          kind: 'choice',
          options: Object.entries(NETWORKS).map(([value, label]) => ({ value, label })),
        },
        cell: (one) => NETWORKS[one.network],
      },
      {
        id: 'status',
        header: t('common.state'),
        value: (one) => one.status,
        cell: (one) => (
          <span className="inline-flex flex-wrap items-center gap-2">
            <StateBadge state={one.status} />
            {one.status_reason && <span className="text-destructive-text">{one.status_reason}</span>}
          </span>
        ),
      },
      {
        id: 'token',
        header: t('social.token'),
        cell: (one) => <Badge>…{one.token_hint}</Badge>,
      },
      {
        id: 'checked',
        header: t('social.checked'),
        value: (one) => one.checked_at,
        cell: (one) => format.moment(one.checked_at),
      },
      {
        id: 'expires',
        header: t('social.tokenEnds'),
        hidden: true,
        value: (one) => one.token_expires_at,
        cell: (one) => format.moment(one.token_expires_at),
      },
      ...actionsColumn(maySave, (one: Account) => (
        <>
          <RowButton words={t('social.rotate')} name={one.name} onClick={() => setRotated(one)}>
            <KeyRoundIcon aria-hidden />
          </RowButton>
          <DeleteButton
            name={one.name}
            title={t('social.disconnectTitle')}
            text={t('social.disconnectText')}
            action={t('social.disconnect')}
            onConfirm={() => remove.mutateAsync(one.id)}
          />
        </>
      )),
    ],
    [t, format, maySave],
  );
  const token: FormField[] = [
    {
      name: 'token',
      label: t('social.token'),
      hint: t('social.tokenHint'),
      kind: 'password',
      required: true,
      autoComplete: 'off',
    },
    { name: 'ends', label: t('social.tokenEnds'), kind: 'date', pointer: 'token_expires_at' },
  ];
  return (
    <>
      <PageHead title={t('nav.social')}>
        {maySave && <AddButton onClick={() => setNew(true)}>{t('social.connect')}</AddButton>}
      </PageHead>
      <Parts />
      <DataTable
        name="social-accounts"
        label={t('social.accounts')}
        columns={columns}
        source={{
          key: [workspace, 'social-accounts'],
          load: ({ limit, cursor }) =>
            answer(api.GET('/api/v1/social/accounts', { params: { query: { limit, cursor } } })),
        }}
        rowId={(one) => one.id}
        empty={{ title: t('social.accountsNone'), hint: t('social.accountsHint') }}
      />
      <RecordDialog
        open={isNew}
        onOpenChange={setNew}
        title={t('social.connect')}
        groups={[
          {
            fields: [
              {
                name: 'network',
                label: t('social.network'),
                kind: 'choice',
                options: Object.entries(NETWORKS).map(([value, label]) => ({ value, label })),
              },
              { name: 'external', label: t('social.external'), required: true, pointer: 'external_id', dir: 'ltr' },
              ...token,
            ],
          },
        ]}
        initial={{ network: 'instagram' }}
        save={(values) =>
          api.POST('/api/v1/social/accounts', {
            body: {
              network: values.network === 'facebook' ? 'facebook' : 'instagram',
              external_id: values.external?.trim() ?? '',
              token: values.token ?? '',
              token_expires_at: values.ends ? format.at(values.ends, '00:00') : null,
            },
          })
        }
      />
      <RecordDialog
        open={rotated !== null}
        onOpenChange={(open) => !open && setRotated(null)}
        title={t('social.rotate')}
        groups={[{ fields: token }]}
        save={(values) =>
          api.POST('/api/v1/social/accounts/{id}/rotate-token', {
            params: { path: { id: rotated?.id ?? '' } },
            body: {
              token: values.token ?? '',
              token_expires_at: values.ends ? format.at(values.ends, '00:00') : null,
            },
          })
        }
      />
    </>
  );
}

function Parts() {
  const { t } = useTranslation();
  return (
    <Tabs
      label={t('nav.social')}
      tabs={[
        { id: 'calendar', label: t('social.calendar') },
        { id: 'contents', label: t('social.contents') },
        { id: 'publications', label: t('social.publications') },
        { id: 'accounts', label: t('social.accounts') },
      ]}
    />
  );
}

export function Social() {
  const tab = useTab(['calendar', 'contents', 'publications', 'accounts']);
  if (tab === 'contents') return <Contents />;
  if (tab === 'publications') return <Publications />;
  if (tab === 'accounts') return <Accounts />;
  return <Calendar />;
}
