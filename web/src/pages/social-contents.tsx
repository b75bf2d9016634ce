import { useQuery } from '@tanstack/react-query';
import { CalendarPlusIcon } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, asItIs, tagged } from '@/api/client';
import { actionsColumn, timeColumn } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { AddButton, PageHead } from '@/components/page';
import { RecordDialog, type Values } from '@/components/record-form';
import { DeleteButton, EditButton, RowButton } from '@/components/row-actions';
import { MediaThumb, SocialMedia } from '@/components/social-media';
import { SocialParts } from '@/components/social-parts';
import { SocialPreview } from '@/components/social-preview';
import { ScheduleDialog } from '@/components/social-schedule';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';
import { useOpened } from '@/lib/opened';
import { socialAccountsQuery, useIs, useWorkspaceId } from '@/lib/queries';
import { ALL, NETWORKS, shortOf, type Content, type Media, type Network, type Written } from '@/lib/social';

const readContent = (id: string) => tagged(api.GET('/api/v1/social/contents/{id}', { params: { path: { id } } }));

const mediaOf = (text: string | undefined) => JSON.parse(text || '[]') as Media[];

/** What the form has, as the API takes it. */
function formOf(values: Values): Written & { variants: Record<string, string> } {
  const variants = ALL.map((network) => [network, values[network]?.trim() ?? ''] as const);
  return {
    text: values.text ?? '',
    media: mediaOf(values.media).map((one) => ({ ...one, alt: one.alt?.trim() || null })),
    variants: Object.fromEntries(variants.filter(([, text]) => text)),
  };
}

export function SocialContents() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const maySave = useIs('admin');
  const [scheduled, setScheduled] = useState<string | null>(null);
  const opened = useOpened<Content>(readContent);
  const [values, setValues] = useState<Values>({});
  const accounts = useQuery(socialAccountsQuery(workspace)).data?.items;
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
            {one.media[0] && <MediaThumb media={one.media[0]} className="size-9 border" />}
            <bdi className="line-clamp-2 max-w-xl">{one.text || '–'}</bdi>
          </span>
        ),
      },
      {
        id: 'images',
        header: t('social.media'),
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
            .map((network) => NETWORKS[network as Network] ?? network)
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
      <SocialParts />
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
        initial={{ media: '[]' }}
        valuesOf={(one) => ({
          text: one.text,
          media: JSON.stringify(one.media),
          instagram: one.variants.instagram ?? '',
          facebook: one.variants.facebook ?? '',
        })}
        onValues={setValues}
        groups={[
          {
            fields: [
              { name: 'text', label: t('social.text'), kind: 'area' },
              {
                name: 'media',
                label: t('social.media'),
                hint: t('social.mediaHint'),
                render: (value, onChange) => (
                  <SocialMedia value={mediaOf(value)} onChange={(media) => onChange(JSON.stringify(media))} />
                ),
                words: (value) =>
                  mediaOf(value)
                    .map((one) => one.alt || one.url || one.media_id)
                    .join(', '),
              },
            ],
          },
          {
            legend: t('social.variants'),
            folded: true,
            fields: ALL.map((name) => ({
              name,
              label: NETWORKS[name],
              kind: 'area' as const,
              pointer: `variants.${name}`,
            })),
          },
        ]}
        save={(values, changed, etag) => {
          const before = opened.of?.data;
          const { text, media, variants } = formOf(values);
          if (!before) return api.POST('/api/v1/social/contents', { body: { text: text.trim(), media, variants } });
          return api.PATCH('/api/v1/social/contents/{id}', {
            params: { path: { id: before.id }, header: { 'If-Match': etag } },
            body: {
              ...(changed.has('text') && { text: text.trim() }),
              ...(changed.has('media') && { media }),
              ...((changed.has('instagram') || changed.has('facebook')) && { variants }),
            },
          });
        }}
      >
        <section aria-label={t('templates.preview')} className="grid gap-4 sm:grid-cols-2">
          {ALL.map((network) => (
            <SocialPreview
              key={network}
              written={formOf(values)}
              network={network}
              name={accounts?.find((one) => one.network === network)?.name}
            />
          ))}
        </section>
      </RecordDialog>
      <ScheduleDialog
        open={scheduled !== null}
        content={scheduled ?? undefined}
        onOpenChange={(open) => !open && setScheduled(null)}
      />
    </>
  );
}
