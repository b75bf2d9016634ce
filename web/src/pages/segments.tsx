import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { UsersIcon } from 'lucide-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, tagged, type Schemas } from '@/api/client';
import { actionsColumn, nameColumn, timeColumn } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { AddButton, PageHead } from '@/components/page';
import { RecordForm, type Values } from '@/components/record-form';
import { DeleteButton, EditButton } from '@/components/row-actions';
import { Badge } from '@/components/ui/badge';
import { Dialog, DialogContent, DialogDescription, DialogTitle } from '@/components/ui/dialog';
import { useAct } from '@/lib/act';
import { audienceGroups } from '@/components/audience-rules';
import { audienceToValues, LISTS, valuesToAudience } from '@/lib/audience';
import { useFormat } from '@/lib/format';
import { LANGUAGE_OPTIONS } from '@/lib/i18n';
import { useOpened } from '@/lib/opened';
import { segmentSizeQuery, tagsQuery, useIs, useWorkspaceId } from '@/lib/queries';

type Segment = Schemas['Segment'];

const read = (id: string) => tagged(api.GET('/api/v1/messaging/segments/{id}', { params: { path: { id } } }));

export function SegmentSize({ id }: { id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const size = useQuery(segmentSizeQuery(useWorkspaceId(), id)).data?.contacts;
  if (size === undefined) return '…';
  return t('campaigns.segmentSize', { count: size, shown: format.number(size) });
}

function parts(t: (key: string, values?: Record<string, unknown>) => string, { audience }: Segment) {
  const lists = LISTS.filter((name) => audience[name]?.length).map(
    (name) => `${t(`segments.${name}`)}: ${audience[name]!.join(', ')}`,
  );
  const attributes = Object.entries(audience.attributes ?? {}).map(([key, value]) => `${key}: ${value}`);
  return [
    ...lists,
    ...attributes,
    audience.active_within_days != null && `${t('segments.active')}: ${audience.active_within_days}`,
    audience.inactive_for_days != null && `${t('segments.inactive')}: ${audience.inactive_for_days}`,
    audience.consented && t('segments.consented'),
    ...(audience.did ?? []).map((deed) => t(`segments.kinds.${deed.kind}`)),
    audience.any_of?.length && t('segments.groups', { name: t('segments.any_of'), count: audience.any_of.length }),
    audience.none_of?.length && t('segments.groups', { name: t('segments.none_of'), count: audience.none_of.length }),
  ].filter((one): one is string => Boolean(one));
}

const PREVIEW_AFTER_MS = 500;

/** Whom the written audience reaches, before anything is saved. What cannot be counted yet shows nothing. */
function Preview({ audience }: { audience: Schemas['Audience'] | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const workspace = useWorkspaceId();
  const [settled, setSettled] = useState(audience);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(audience), PREVIEW_AFTER_MS);
    return () => clearTimeout(timer);
  }, [audience]);
  const preview = useQuery({
    queryKey: [workspace, 'segment-preview', settled],
    queryFn: () => answer(api.POST('/api/v1/messaging/segments/preview', { body: { audience: settled! } })),
    enabled: settled !== null,
    placeholderData: keepPreviousData,
    retry: false,
  });
  if (!preview.data || preview.isError) return null;
  const { contacts, sample } = preview.data;
  return (
    <div role="status" className="grid gap-1 rounded-md bg-accent p-3 text-accent-foreground">
      <span className="flex items-center gap-2 font-medium">
        <UsersIcon className="size-5" aria-hidden />
        {t('campaigns.segmentSize', { count: contacts, shown: format.number(contacts) })}
      </span>
      {sample.length > 0 && (
        <span className="text-sm">
          {t('segments.sample', {
            names: sample.map((one) => one.name ?? one.phone ?? t('segments.nameless')).join(', '),
          })}
        </span>
      )}
    </div>
  );
}

/** The segment stays open after it is saved, so that the person sees whom it reaches and can go on. */
function Builder({ opened }: { opened: ReturnType<typeof useOpened<Segment>> }) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const tags = useQuery(tagsQuery(workspace)).data?.items ?? [];
  const [saved, setSaved] = useState<string | null>(opened.of?.data.id ?? null);
  const id = saved ?? opened.of?.data.id;
  const [written, setWritten] = useState<Schemas['Audience'] | null>(null);
  const onValues = useCallback((values: Values) => setWritten(valuesToAudience(values)), []);
  return (
    <DialogContent className="sm:max-w-2xl">
      <DialogTitle>{opened.of ? t('segments.edit') : t('segments.add')}</DialogTitle>
      <DialogDescription>{t('segments.hint')}</DialogDescription>
      <RecordForm
        key={tags.length}
        of={opened.of}
        valuesOf={(one) => ({ name: one.name, ...audienceToValues(one.audience) })}
        groups={[
          { fields: [{ name: 'name', label: t('common.name'), required: true }] },
          ...audienceGroups(
            t,
            tags.map((tag) => tag.name),
            LANGUAGE_OPTIONS,
          ),
        ]}
        action={t('segments.count')}
        onValues={onValues}
        save={async (values) => {
          const body = { name: values.name?.trim() ?? '', audience: valuesToAudience(values) };
          if (id) await api.PUT('/api/v1/messaging/segments/{id}', { params: { path: { id } }, body });
          else setSaved((await answer(api.POST('/api/v1/messaging/segments', { body }))).id);
        }}
        onCancel={opened.close}
      >
        <Preview audience={written} />
      </RecordForm>
    </DialogContent>
  );
}

export function Segments() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const maySave = useIs('admin');
  const opened = useOpened<Segment>(read);
  const edit = opened.edit;
  const remove = useAct(
    (id: string) => api.DELETE('/api/v1/messaging/segments/{id}', { params: { path: { id } } }),
    t('common.deleted'),
  );
  const columns = useMemo<Column<Segment>[]>(
    () => [
      nameColumn(t('common.name'), (one) => one.name),
      {
        id: 'who',
        header: t('segments.who'),
        value: (one) => parts(t, one).join('; '),
        filter: { kind: 'text' },
        cell: (one) => (
          <span className="inline-flex flex-wrap gap-1">
            {parts(t, one).map((part) => (
              <Badge key={part}>{part}</Badge>
            ))}
          </span>
        ),
      },
      { id: 'size', header: t('segments.size'), cell: (one) => <SegmentSize id={one.id} /> },
      timeColumn('updated', t('products.updated'), format.moment, (one) => one.updated_at, true),
      ...actionsColumn(maySave, (one: Segment) => (
        <>
          <EditButton name={one.name} onClick={() => edit(one.id)} />
          <DeleteButton
            name={one.name}
            title={t('segments.deleteTitle')}
            text={t('segments.deleteText')}
            onConfirm={() => remove.mutateAsync(one.id)}
          />
        </>
      )),
    ],
    [t, format, maySave],
  );
  return (
    <>
      <PageHead title={t('nav.segments')}>
        {maySave && <AddButton onClick={opened.add}>{t('segments.add')}</AddButton>}
      </PageHead>
      <DataTable
        name="segments"
        label={t('nav.segments')}
        columns={columns}
        source={{
          key: [workspace, 'segments', 'list'],
          load: ({ limit, cursor }) =>
            answer(api.GET('/api/v1/messaging/segments', { params: { query: { limit, cursor } } })),
        }}
        rowId={(one) => one.id}
        onRow={maySave ? (one) => opened.edit(one.id) : undefined}
        empty={{ title: t('segments.none'), hint: t('segments.noneHint') }}
      />
      <Dialog open={opened.isOpen} onOpenChange={opened.onOpenChange}>
        {opened.isOpen && <Builder opened={opened} />}
      </Dialog>
    </>
  );
}
