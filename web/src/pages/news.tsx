import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { MegaphoneIcon, UploadIcon } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, asItIs, tagged, type Schemas } from '@/api/client';
import { actionsColumn, activeOf, timeColumn } from '@/components/columns';
import { Confirm } from '@/components/confirm';
import { ContactName } from '@/components/contact-name';
import { DataTable, type Column } from '@/components/data-table';
import { AddButton, PageHead } from '@/components/page';
import { listOf, RecordDialog, tick } from '@/components/record-form';
import { DeleteButton, EditButton, RowButton } from '@/components/row-actions';
import { StateBadge } from '@/components/state-badge';
import { Tabs, useTab } from '@/components/tabs';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { useAct } from '@/lib/act';
import { inLanguage, useFormat } from '@/lib/format';
import { LANGUAGE_OPTIONS } from '@/lib/i18n';
import { useOpened } from '@/lib/opened';
import { topicsQuery, useIs, useWorkspace, useWorkspaceId } from '@/lib/queries';
import { languageName } from '@/lib/texts';
import { timeZonesWith } from '@/lib/zones';

type Article = Schemas['Article'];
type Reader = Schemas['NewsSubscription'];
type Digest = Schemas['NewsDigest'];

const readArticle = (id: string) => tagged(api.GET('/api/v1/news/articles/{id}', { params: { path: { id } } }));
const readReader = (id: string) => tagged(api.GET('/api/v1/news/subscriptions/{id}', { params: { path: { id } } }));

function useTopics() {
  const { i18n } = useTranslation();
  const topics = useQuery(topicsQuery(useWorkspaceId())).data?.items;
  return useMemo(
    () => (topics ?? []).map((topic) => ({ value: topic.key, label: inLanguage(topic.titles, i18n.language) })),
    [topics, i18n.language],
  );
}

function Articles() {
  const { t } = useTranslation();
  const workspaceId = useWorkspaceId();
  const workspace = useWorkspace();
  const format = useFormat();
  const maySave = useIs('admin');
  const topics = useTopics();
  const opened = useOpened<Article>(readArticle);
  const edit = opened.edit;
  const remove = useAct(
    async (id: string) => api.DELETE('/api/v1/news/articles/{id}', { params: await asItIs(readArticle, id) }),
    t('common.deleted'),
  );
  const send = useAct(
    (id: string) => api.POST('/api/v1/news/articles/{id}/break', { params: { path: { id } } }),
    t('news.sent'),
  );
  const columns = useMemo<Column<Article>[]>(() => {
    const topicName = (key: string) => topics.find((topic) => topic.value === key)?.label ?? key;
    return [
      {
        id: 'title',
        header: t('news.headline'),
        value: (one) => one.title,
        filter: { kind: 'text' },
        cell: (one) => <bdi className="line-clamp-2 max-w-md font-medium">{one.title}</bdi>,
      },
      {
        id: 'topic',
        header: t('news.topics'),
        value: (one) => one.topics.map(topicName).join(', '),
        filter: {
          kind: 'choice',
          server: true,
          quick: true,
          all: t('news.allTopics'),
          of: (one) => one.topics,
          options: topics,
        },
        cell: (one) => (
          <span className="inline-flex flex-wrap gap-1">
            {one.topics.map((key) => (
              <Badge key={key}>{topicName(key)}</Badge>
            ))}
          </span>
        ),
      },
      {
        id: 'language',
        header: t('common.language'),
        value: (one) => one.language,
        filter: { kind: 'choice', server: true, options: LANGUAGE_OPTIONS },
        cell: (one) => languageName(one.language),
      },
      {
        id: 'source',
        header: t('news.source'),
        value: (one) => one.source,
        filter: { kind: 'text' },
        cell: (one) => one.source ?? '–',
      },
      {
        id: 'published',
        header: t('news.published'),
        value: (one) => one.published_at,
        filter: { kind: 'day' },
        cell: (one) => (one.published_at ? format.moment(one.published_at) : <Badge>{t('state.draft')}</Badge>),
      },
      {
        id: 'breaking',
        header: t('news.breaking'),
        value: (one) => (one.breaking ? 'yes' : 'no'),
        filter: {
          kind: 'choice',
          server: true,
          options: [
            { value: 'yes', label: t('common.yes') },
            { value: 'no', label: t('common.no') },
          ],
        },
        cell: (one) => (one.breaking ? <Badge tone="bad">{t('news.breaking')}</Badge> : '–'),
      },
      ...actionsColumn(maySave, (one: Article) => (
        <>
          {!one.breaking && (
            <Confirm
              trigger={
                <RowButton words={t('news.break')} name={one.title}>
                  <MegaphoneIcon aria-hidden />
                </RowButton>
              }
              title={t('news.breakTitle')}
              text={t('news.breakText')}
              action={t('news.break')}
              onConfirm={() => send.mutateAsync(one.id)}
            />
          )}
          <EditButton name={one.title} onClick={() => edit(one.id)} />
          <DeleteButton
            name={one.title}
            title={t('news.deleteTitle')}
            text={t('news.deleteText')}
            onConfirm={() => remove.mutateAsync(one.id)}
          />
        </>
      )),
    ];
  }, [t, format, topics, maySave]);
  return (
    <>
      <PageHead title={t('nav.news')}>
        {maySave && (
          <>
            <Button asChild variant="outline">
              <Link to="/news/add">
                <UploadIcon aria-hidden />
                {t('news.bulk')}
              </Link>
            </Button>
            <AddButton onClick={opened.add}>{t('news.add')}</AddButton>
          </>
        )}
      </PageHead>
      <Parts />
      <DataTable
        name="articles"
        label={t('news.articles')}
        columns={columns}
        source={{
          key: [workspaceId, 'articles'],
          load: ({ filters, limit, cursor }) =>
            answer(
              api.GET('/api/v1/news/articles', {
                params: {
                  query: {
                    topic: filters.topic,
                    language: filters.language,
                    breaking: filters.breaking ? filters.breaking === 'yes' : undefined,
                    limit,
                    cursor,
                  },
                },
              }),
            ),
        }}
        rowId={(one) => one.id}
        onRow={maySave ? (one) => opened.edit(one.id) : undefined}
        empty={{ title: t('news.none'), hint: t('news.noneHint') }}
      />
      <RecordDialog
        {...opened.dialog}
        title={opened.of ? t('news.edit') : t('news.add')}
        initial={{ language: workspace?.default_language ?? 'en' }}
        valuesOf={(one) => ({
          title: one.title,
          body: one.body,
          url: one.url,
          image: one.image_url ?? '',
          source: one.source ?? '',
          author: one.author ?? '',
          language: one.language,
          topics: one.topics.join(','),
          published: format.field(one.published_at),
        })}
        groups={[
          {
            fields: [
              { name: 'title', label: t('news.headline'), required: true },
              { name: 'body', label: t('news.body'), kind: 'area', required: true },
              { name: 'topics', label: t('news.topics'), kind: 'many', options: topics },
              { name: 'url', label: t('news.url'), kind: 'url', required: true },
              { name: 'image', label: t('news.image'), kind: 'url', pointer: 'image_url' },
            ],
          },
          {
            beside: true,
            fields: [
              { name: 'source', label: t('news.source') },
              { name: 'author', label: t('news.author') },
              { name: 'language', label: t('common.language'), kind: 'choice', options: LANGUAGE_OPTIONS },
              {
                name: 'published',
                label: t('news.published'),
                hint: t('news.publishedHint'),
                kind: 'datetime-local',
                pointer: 'published_at',
              },
            ],
          },
        ]}
        save={(values, changed, etag) => {
          const before = opened.of?.data;
          const [day = '', time = ''] = (values.published ?? '').split('T');
          const body = {
            title: values.title?.trim() ?? '',
            body: values.body?.trim() ?? '',
            topics: listOf(values.topics),
            url: values.url?.trim() ?? '',
            image_url: values.image?.trim() || null,
            source: values.source?.trim() || null,
            author: values.author?.trim() || null,
            language: values.language ?? 'en',
            published_at: day ? format.at(day, time) : null,
          };
          if (!before) return api.POST('/api/v1/news/articles', { body });
          const names = { image: 'image_url', published: 'published_at' } as Record<string, string>;
          const parts = new Set([...changed].map((name) => names[name] ?? name));
          return api.PATCH('/api/v1/news/articles/{id}', {
            params: { path: { id: before.id }, header: { 'If-Match': etag } },
            body: Object.fromEntries(Object.entries(body).filter(([name]) => parts.has(name))),
          });
        }}
      />
    </>
  );
}

function Readers() {
  const { t } = useTranslation();
  const workspaceId = useWorkspaceId();
  const workspace = useWorkspace();
  const maySave = useIs('admin');
  const format = useFormat();
  const topics = useTopics();
  const opened = useOpened<Reader>(readReader);
  const edit = opened.edit;
  const remove = useAct(
    async (id: string) => api.DELETE('/api/v1/news/subscriptions/{id}', { params: await asItIs(readReader, id) }),
    t('common.deleted'),
  );
  const columns = useMemo<Column<Reader>[]>(() => {
    const topicName = (key: string) => topics.find((topic) => topic.value === key)?.label ?? key;
    const timesOf = (one: Reader) =>
      [one.briefs.morning, one.briefs.afternoon, one.briefs.evening].filter((time) => time != null);
    const times = (one: Reader) => timesOf(one).join(', ');
    return [
      { id: 'contact', header: t('news.reader'), cell: (one) => <ContactName id={one.contact_id} link /> },
      {
        id: 'topic',
        header: t('news.topics'),
        value: (one) => one.topics.map(topicName).join(', '),
        filter: {
          kind: 'choice',
          server: true,
          quick: true,
          all: t('news.allTopics'),
          of: (one) => one.topics,
          options: topics,
        },
        cell: (one) => one.topics.map(topicName).join(', '),
      },
      {
        id: 'briefs',
        header: t('news.briefTimes'),
        value: times,
        cell: (one) => timesOf(one).map(format.wall).join(', ') || '–',
      },
      {
        id: 'zone',
        header: t('news.zone'),
        hidden: true,
        value: (one) => one.zone,
        filter: { kind: 'text' },
        cell: (one) => one.zone,
      },
      {
        id: 'next',
        header: t('news.next'),
        value: (one) => one.next_due_at,
        cell: (one) => format.moment(one.next_due_at),
      },
      {
        id: 'state',
        header: t('common.state'),
        value: (one) => (one.active ? 'active' : 'paused'),
        filter: {
          kind: 'choice',
          server: true,
          quick: true,
          all: t('news.allReaders'),
          options: ['active', 'paused'].map((one) => ({ value: one, label: t(`state.${one}`) })),
        },
        cell: (one) => <StateBadge state={one.active ? 'active' : 'paused'} />,
      },
      ...actionsColumn(maySave, (one: Reader) => (
        <>
          <EditButton name={t('news.reader')} onClick={() => edit(one.id)} />
          <DeleteButton
            name={t('news.reader')}
            title={t('news.readerDeleteTitle')}
            text={t('news.readerDeleteText')}
            onConfirm={() => remove.mutateAsync(one.id)}
          />
        </>
      )),
    ];
  }, [t, format, topics, maySave]);
  return (
    <>
      <PageHead title={t('nav.news')}>
        {maySave && <AddButton onClick={opened.add}>{t('news.addReader')}</AddButton>}
      </PageHead>
      <Parts />
      <DataTable
        name="readers"
        label={t('news.readers')}
        columns={columns}
        source={{
          key: [workspaceId, 'readers'],
          load: ({ filters, limit, cursor }) => {
            const active = activeOf(filters);
            return answer(
              api.GET('/api/v1/news/subscriptions', {
                params: { query: { topic: filters.topic, active, limit, cursor } },
              }),
            );
          },
        }}
        rowId={(one) => one.id}
        onRow={maySave ? (one) => opened.edit(one.id) : undefined}
        empty={{ title: t('news.readersNone'), hint: t('news.readersHint') }}
      />
      <RecordDialog
        {...opened.dialog}
        title={opened.of ? t('news.editReader') : t('news.addReader')}
        initial={{ zone: workspace?.time_zone ?? 'UTC', morning: '07:30', limit: '5', active: tick(true) }}
        valuesOf={(one) => ({
          topics: one.topics.join(','),
          morning: one.briefs.morning ?? '',
          afternoon: one.briefs.afternoon ?? '',
          evening: one.briefs.evening ?? '',
          zone: one.zone,
          language: one.language ?? '',
          limit: String(one.daily_limit),
          active: tick(one.active),
        })}
        groups={[
          {
            fields: [
              ...(opened.of
                ? [{ name: 'active', label: t('news.getsNews'), kind: 'check' as const }]
                : [
                    {
                      name: 'contact',
                      label: t('news.reader'),
                      kind: 'contact' as const,
                      required: true,
                      pointer: 'contact_id',
                    },
                  ]),
              { name: 'topics', label: t('news.topics'), kind: 'many', options: topics },
            ],
          },
          {
            beside: true,
            fields: [
              { name: 'morning', label: t('news.slots.morning'), kind: 'time', pointer: 'briefs.morning' },
              { name: 'afternoon', label: t('news.slots.afternoon'), kind: 'time', pointer: 'briefs.afternoon' },
              { name: 'evening', label: t('news.slots.evening'), kind: 'time', pointer: 'briefs.evening' },
              {
                name: 'limit',
                label: t('news.limit'),
                hint: t('news.limitHint'),
                kind: 'number',
                pointer: 'daily_limit',
              },
              {
                name: 'zone',
                label: t('news.zone'),
                kind: 'choice',
                options: timeZonesWith(opened.of?.data.zone ?? workspace?.time_zone),
              },
              {
                name: 'language',
                label: t('common.language'),
                kind: 'choice',
                options: [{ value: '', label: t('news.asContact') }, ...LANGUAGE_OPTIONS],
              },
            ],
          },
        ]}
        save={(values, _, etag) => {
          const body = {
            topics: listOf(values.topics),
            briefs: {
              morning: values.morning || null,
              afternoon: values.afternoon || null,
              evening: values.evening || null,
            },
            zone: values.zone,
            language: values.language || null,
            daily_limit: Number(values.limit),
          };
          const before = opened.of?.data;
          return before
            ? api.PATCH('/api/v1/news/subscriptions/{id}', {
                params: { path: { id: before.id }, header: { 'If-Match': etag } },
                body: { ...body, active: values.active === 'yes' },
              })
            : api.POST('/api/v1/news/subscriptions', { body: { ...body, contact_id: values.contact ?? '' } });
        }}
      />
    </>
  );
}

function Briefs() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const columns = useMemo<Column<Digest>[]>(
    () => [
      timeColumn('due', t('news.due'), format.moment, (one) => one.due_at),
      { id: 'contact', header: t('news.reader'), cell: (one) => <ContactName id={one.contact_id} link /> },
      {
        id: 'slot',
        header: t('news.slot'),
        value: (one) => one.slot,
        filter: {
          kind: 'choice',
          quick: true,
          all: t('news.allSlots'),
          options: (['morning', 'afternoon', 'evening', 'latest', 'breaking'] as const).map((one) => ({
            value: one,
            label: t(`news.slots.${one}`),
          })),
        },
        cell: (one) => t(`news.slots.${one.slot}`),
      },
      {
        id: 'articles',
        header: t('news.articles'),
        align: 'end',
        value: (one) => one.article_ids.length,
        cell: (one) => format.number(one.article_ids.length),
      },
      {
        id: 'status',
        header: t('common.state'),
        value: (one) => one.status,
        filter: {
          kind: 'choice',
          options: (['due', 'chosen', 'sent', 'empty', 'skipped', 'unreachable'] as const).map((one) => ({
            value: one,
            label: t(`state.${one}`),
          })),
        },
        cell: (one) => <StateBadge state={one.status} />,
      },
      {
        id: 'reason',
        header: t('news.reason'),
        hidden: true,
        value: (one) => one.reason,
        cell: (one) => one.reason ?? '–',
      },
    ],
    [t, format],
  );
  return (
    <>
      <PageHead title={t('nav.news')} />
      <Parts />
      <DataTable
        name="briefs"
        label={t('news.briefs')}
        columns={columns}
        source={{
          key: [workspace, 'digests'],
          every: 10_000,
          load: ({ limit, cursor }) =>
            answer(api.GET('/api/v1/news/digests', { params: { query: { limit, cursor } } })),
        }}
        rowId={(one) => one.id}
        empty={{ title: t('news.briefsNone'), hint: t('news.briefsHint') }}
      />
    </>
  );
}

function Parts() {
  const { t } = useTranslation();
  return (
    <Tabs
      label={t('nav.news')}
      tabs={[
        { id: 'articles', label: t('news.articles') },
        { id: 'readers', label: t('news.readers') },
        { id: 'briefs', label: t('news.briefs') },
      ]}
    />
  );
}

export function News() {
  const tab = useTab(['articles', 'readers', 'briefs']);
  if (tab === 'readers') return <Readers />;
  if (tab === 'briefs') return <Briefs />;
  return <Articles />;
}
