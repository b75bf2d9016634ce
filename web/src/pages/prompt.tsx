import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { CopyIcon, HistoryIcon, PowerIcon, Trash2Icon } from 'lucide-react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas, type Tagged } from '@/api/client';
import { Confirm } from '@/components/confirm';
import { PageHead } from '@/components/page';
import { RecordForm, type Values } from '@/components/record-form';
import { StateBadge } from '@/components/state-badge';
import { Failed, Loading } from '@/components/states';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { NativeSelect } from '@/components/ui/input';
import { Skeleton } from '@/components/ui/skeleton';
import { useAct } from '@/lib/act';
import { differences } from '@/lib/differences';
import { useFormat } from '@/lib/format';
import { channelsQuery, useIs, useWorkspaceId } from '@/lib/queries';
import { byCursor } from '@/lib/table';
import { cn } from '@/lib/utils';
import { PromptDialog, promptGroups, promptToValues, readPrompt, valuesToPrompt, type Prompt } from './prompt-form';
import { TryPrompt } from './prompt-try';

type Revision = Schemas['PromptRevision'];

const PAGE = 50;
const SIGNS = { same: ' ', less: '−', more: '+' } as const;

/** What one revision has and the other has not. */
function Comparison({ from, to }: { from: Revision; to: Revision }) {
  const { t } = useTranslation();
  const yesNo = (is: boolean) => t(is ? 'common.yes' : 'common.no');
  const settings = [
    { label: t('prompts.models'), before: from.models.join(', '), after: to.models.join(', ') },
    { label: t('prompts.temperature'), before: from.temperature.toFixed(2), after: to.temperature.toFixed(2) },
    { label: t('prompts.tokens'), before: String(from.max_tokens), after: String(to.max_tokens) },
    { label: t('prompts.tools'), before: yesNo(from.tools), after: yesNo(to.tools) },
  ].filter((one) => one.before !== one.after);
  return (
    <figure
      aria-label={t('prompts.comparison', { from: from.revision, to: to.revision })}
      className="overflow-x-auto rounded-md border text-sm"
    >
      {settings.map((one) => (
        <p key={one.label} className="border-b px-3 py-1.5">
          <span className="text-muted-foreground">{one.label}:</span> <del>{one.before}</del> → <ins>{one.after}</ins>
        </p>
      ))}
      {differences(from.body, to.body).map((line, index) => {
        const Text = line.kind === 'less' ? 'del' : line.kind === 'more' ? 'ins' : 'span';
        return (
          <p
            key={index}
            className={cn(
              'flex gap-2 px-3 py-0.5',
              line.kind === 'less' && 'bg-red-100 text-red-950 dark:bg-red-950 dark:text-red-100',
              line.kind === 'more' && 'bg-emerald-100 text-emerald-950 dark:bg-emerald-950 dark:text-emerald-100',
            )}
          >
            <span aria-hidden className="w-3 shrink-0 font-mono">
              {SIGNS[line.kind]}
            </span>
            <Text dir="auto" className="min-w-0 break-words whitespace-pre-wrap no-underline">
              {line.text || ' '}
            </Text>
          </p>
        );
      })}
    </figure>
  );
}

function Revisions({ prompt }: { prompt: Prompt }) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const maySave = useIs('admin');
  const [chosen, setChosen] = useState<{ from?: number; to?: number }>({});
  const params = { path: { id: prompt.id } };
  const revisions = useInfiniteQuery({
    queryKey: [workspace, 'prompt-revisions', prompt.id],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/api/v1/prompts/{id}/revisions', { params: { ...params, query: { limit: PAGE, cursor: pageParam } } }),
      ),
    ...byCursor,
  });
  const restore = useAct(
    (revision: number) => api.POST('/api/v1/prompts/{id}/restore', { params, body: { revision } }),
    t('prompts.restored'),
  );
  const all = revisions.data?.pages.flatMap((page) => page.items) ?? [];
  const to = all.find((one) => one.revision === chosen.to) ?? all[0];
  const from = all.find((one) => one.revision === chosen.from) ?? all[1];
  const choose = (label: string, value: number | undefined, pick: (revision: number) => void) => (
    <NativeSelect
      aria-label={label}
      className="h-9 w-auto"
      value={value ?? ''}
      onChange={(event) => pick(Number(event.target.value))}
    >
      {all.map((one) => (
        <option key={one.revision} value={one.revision}>
          {t('prompts.revisionOf', { number: one.revision })} · {format.moment(one.created_at)}
        </option>
      ))}
    </NativeSelect>
  );
  return (
    <Card>
      <CardTitle>{t('prompts.revisions')}</CardTitle>
      {revisions.isError ? (
        <Failed error={revisions.error} retry={() => void revisions.refetch()} />
      ) : revisions.isPending ? (
        <Skeleton className="h-24" />
      ) : (
        <div className="grid gap-4">
          <ol className="divide-y" aria-label={t('prompts.revisions')}>
            {all.map((one) => (
              <li key={one.revision} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2 text-sm">
                <span className="font-medium">{t('prompts.revisionOf', { number: one.revision })}</span>
                <span className="text-muted-foreground">{format.moment(one.created_at)}</span>
                {one.revision === prompt.revision ? (
                  <Badge tone="good">{t('prompts.now')}</Badge>
                ) : (
                  <span className="ms-auto inline-flex gap-1">
                    <Button
                      size="sm"
                      variant="ghost"
                      onClick={() => setChosen({ from: one.revision, to: prompt.revision })}
                    >
                      {t('prompts.compare')}
                    </Button>
                    {maySave && (
                      <Confirm
                        trigger={
                          <Button size="sm" variant="ghost">
                            <HistoryIcon aria-hidden />
                            {t('prompts.restore')}
                          </Button>
                        }
                        title={t('prompts.restoreTitle', { number: one.revision })}
                        text={t('prompts.restoreText')}
                        action={t('prompts.restore')}
                        onConfirm={() => restore.mutateAsync(one.revision)}
                      />
                    )}
                  </span>
                )}
              </li>
            ))}
          </ol>
          {revisions.hasNextPage && (
            <Button variant="ghost" onClick={() => void revisions.fetchNextPage()}>
              {t('prompts.moreRevisions')}
            </Button>
          )}
          {from && to && (
            <>
              <div className="flex flex-wrap items-center gap-2">
                {choose(t('common.from'), from.revision, (revision) => setChosen({ ...chosen, from: revision }))}
                <span aria-hidden className="rtl:rotate-180">
                  →
                </span>
                {choose(t('common.until'), to.revision, (revision) => setChosen({ ...chosen, to: revision }))}
              </div>
              <Comparison from={from} to={to} />
            </>
          )}
        </div>
      )}
    </Card>
  );
}

function Moves({ prompt: { data: prompt, etag }, channel }: { prompt: Tagged<Prompt>; channel: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [isCopying, setCopying] = useState(false);
  const params = { path: { id: prompt.id } };
  const activate = useAct(() => api.POST('/api/v1/prompts/{id}/activate', { params }), t('prompts.isActive'));
  const deactivate = useAct(() => api.POST('/api/v1/prompts/{id}/deactivate', { params }), t('common.done'));
  const remove = useAct(async () => {
    await api.DELETE('/api/v1/prompts/{id}', { params: { ...params, header: { 'If-Match': etag } } });
    await navigate({ to: '/prompts' });
  }, t('common.deleted'));
  return (
    <>
      {prompt.active ? (
        <Confirm
          trigger={
            <Button variant="outline">
              <PowerIcon aria-hidden />
              {t('prompts.deactivate')}
            </Button>
          }
          title={t('prompts.deactivateTitle')}
          text={t('prompts.deactivateText')}
          action={t('prompts.deactivate')}
          onConfirm={() => deactivate.mutateAsync(undefined)}
        />
      ) : (
        <Confirm
          trigger={
            <Button>
              <PowerIcon aria-hidden />
              {t('prompts.activate')}
            </Button>
          }
          title={t('prompts.activateTitle')}
          text={t('prompts.activateText', { channel })}
          action={t('prompts.activate')}
          onConfirm={() => activate.mutateAsync(undefined)}
        />
      )}
      <Button variant="outline" onClick={() => setCopying(true)}>
        <CopyIcon aria-hidden />
        {t('prompts.copy')}
      </Button>
      {!prompt.active && (
        <Confirm
          trigger={
            <Button variant="outline" size="icon" aria-label={t('common.delete')} title={t('common.delete')}>
              <Trash2Icon className="text-destructive-text" aria-hidden />
            </Button>
          }
          title={t('prompts.deleteTitle')}
          text={t('prompts.deleteText')}
          action={t('common.delete')}
          destructive
          onConfirm={() => remove.mutateAsync(undefined)}
        />
      )}
      <PromptDialog
        open={isCopying}
        onOpenChange={setCopying}
        copy={prompt}
        onMade={(one) => void navigate({ to: '/prompts/$id', params: { id: one.id } })}
      />
    </>
  );
}

function Editor({ prompt, onChanged }: { prompt: Tagged<Prompt>; onChanged: (isChanged: boolean) => void }) {
  const { t } = useTranslation();
  const { id } = prompt.data;
  const [saved] = useState(() => promptToValues(prompt.data));
  // The name is no part of what is tried.
  const tell = useCallback(
    (values: Values) =>
      onChanged(Object.keys(saved).some((field) => field !== 'name' && values[field] !== saved[field])),
    [saved, onChanged],
  );
  return (
    <Card>
      <CardTitle>{t('prompts.text')}</CardTitle>
      <div className="[&_textarea]:min-h-72">
        <RecordForm
          of={prompt}
          valuesOf={promptToValues}
          read={() => readPrompt(id)}
          groups={promptGroups(t)}
          onValues={tell}
          save={(values, changed, etag) => {
            const all = valuesToPrompt(values);
            return api.PATCH('/api/v1/prompts/{id}', {
              params: { path: { id }, header: { 'If-Match': etag } },
              body: {
                ...(changed.has('name') && { name: all.name }),
                ...(changed.has('body') && { body: all.body }),
                ...(changed.has('models') && { models: all.models }),
                ...(changed.has('temperature') && { temperature: all.temperature }),
                ...(changed.has('tokens') && { max_tokens: all.max_tokens }),
                ...(changed.has('tools') && { tools: all.tools }),
              },
            });
          }}
        />
      </div>
    </Card>
  );
}

export function PromptPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/app/prompts/$id' });
  const workspace = useWorkspaceId();
  const maySave = useIs('admin');
  const [isChanged, setChanged] = useState(false);
  const channels = useQuery(channelsQuery(workspace)).data?.items;
  const query = useQuery({ queryKey: [workspace, 'prompts', id], queryFn: () => readPrompt(id) });
  if (query.isPending) return <Loading />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const prompt = query.data.data;
  const channel = prompt.channel_id
    ? (channels?.find((one) => one.id === prompt.channel_id)?.name ?? '–')
    : t('prompts.anyChannel');
  return (
    <>
      <PageHead
        title={prompt.name}
        back={{ to: '/prompts', label: t('nav.prompts') }}
        badge={
          <>
            {prompt.active ? <StateBadge state="active" /> : <Badge>{t('prompts.resting')}</Badge>}
            <Badge>{channel}</Badge>
          </>
        }
      >
        {maySave && <Moves prompt={query.data} channel={channel} />}
      </PageHead>
      <div className="grid grid-cols-1 items-start gap-6 xl:grid-cols-2">
        <div className="grid grid-cols-1 gap-6">
          {maySave ? (
            // A revision that is restored or saved is the form's new beginning.
            <Editor key={`${id}:${prompt.revision}`} prompt={query.data} onChanged={setChanged} />
          ) : (
            <Card>
              <CardTitle>{t('prompts.text')}</CardTitle>
              <p dir="auto" className="text-sm whitespace-pre-wrap">
                {prompt.body}
              </p>
            </Card>
          )}
          <Revisions prompt={prompt} />
        </div>
        {maySave && <TryPrompt key={id} id={id} isChanged={isChanged} />}
      </div>
    </>
  );
}
