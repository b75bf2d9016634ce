import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { CopyIcon, LanguagesIcon, PencilIcon, PlayIcon, Trash2Icon } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas, type Tagged } from '@/api/client';
import { Confirm } from '@/components/confirm';
import { PageHead } from '@/components/page';
import { StateBadge } from '@/components/state-badge';
import { Failed, Forbidden, Loading } from '@/components/states';
import { readTemplate, TemplateEditor } from '@/components/template-editor';
import { TemplatePreview } from '@/components/template-preview';
import { TemplateHistory, TemplateStanding } from '@/components/template-standing';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { useAct } from '@/lib/act';
import { channelsQuery, templatesQuery, useIs, useMe, useWorkspaceId } from '@/lib/queries';
import { EMPTY, freeName, isEditable } from '@/lib/template-draft';
import { draftOf, isWritable } from '@/lib/template-read';
import { examplesIn } from '@/lib/template-shown';
import { languageName } from '@/lib/texts';

type Template = Schemas['Template'];

const BACK = { to: '/templates' } as const;

function useTemplate(id: string | undefined) {
  const workspace = useWorkspaceId();
  return useQuery({
    queryKey: [workspace, 'template', id],
    queryFn: () => readTemplate(id ?? ''),
    enabled: id !== undefined,
  });
}

/** A channel of the account that has the template. */
function useChannelOf(template: Template | undefined) {
  const channels = useQuery(channelsQuery(useWorkspaceId())).data?.items;
  return channels?.find((one) => one.account_id === template?.account_id)?.id ?? '';
}

export function NewTemplate() {
  const { t } = useTranslation();
  const { from, as } = useSearch({ from: '/app/templates/new' });
  const workspace = useWorkspaceId();
  const me = useMe();
  const isAdmin = useIs('admin');
  const source = useTemplate(from);
  const all = useQuery(templatesQuery(workspace));
  const channels = useQuery(channelsQuery(workspace));
  const template = source.data?.data;
  const channel = useChannelOf(template);
  if (!me) return <Loading />;
  if (!isAdmin) return <Forbidden />;
  if (source.isLoadingError) return <Failed error={source.error} retry={() => void source.refetch()} />;
  if (from && (!template || !all.data || !channels.data)) return <Loading />;
  const copy = template && draftOf(template, channel);
  const start = !copy
    ? EMPTY
    : as === 'language'
      ? { ...copy, language: '' }
      : { ...copy, name: freeName(copy.name, copy.language, all.data?.items ?? []) };
  return (
    <>
      <PageHead
        title={as === 'language' ? t('templates.addLanguage') : t('templates.add')}
        back={{ ...BACK, label: t('nav.templates') }}
      />
      {template && !isWritable(template) && (
        <p role="status" className="mb-4 rounded-md border border-amber-500 p-3 text-sm">
          {t('templates.copyLacks')}
        </p>
      )}
      <TemplateEditor key={`${from} ${as}`} start={start} />
    </>
  );
}

/** The other languages of a template. */
function Versions({ of }: { of: Template }) {
  const { t } = useTranslation();
  const all = useQuery(templatesQuery(useWorkspaceId())).data?.items ?? [];
  const others = all.filter((one) => one.name === of.name && one.account_id === of.account_id && one.id !== of.id);
  if (!others.length) return null;
  return (
    <Card>
      <CardTitle>{t('templates.versions')}</CardTitle>
      <ul className="grid gap-2">
        {others.map((one) => (
          <li key={one.id} className="flex items-center justify-between gap-2 text-sm">
            <Link
              to="/templates/$id"
              params={{ id: one.id }}
              className="text-primary-text underline-offset-4 hover:underline"
            >
              {languageName(one.language)}
            </Link>
            <StateBadge state={one.status} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Actions({
  template,
  isEditing,
  isUnsaved,
  onEdit,
}: {
  template: Template;
  isEditing: boolean;
  isUnsaved: boolean;
  onEdit: (isEditing: boolean) => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { id, name } = template;
  const isAtMeta = Boolean(template.external_id);
  const remove = useAct(async () => {
    await api.DELETE('/api/v1/templates/{id}', { params: { path: { id } } });
    await navigate({ to: '/templates', ignoreBlocker: true });
  }, t('common.deleted'));
  const unpause = useAct(
    () => answer(api.POST('/api/v1/templates/{id}/unpause', { params: { path: { id } } })),
    t('common.done'),
  );
  return (
    <>
      {template.status === 'paused' && isAtMeta && (
        <Button variant="outline" disabled={unpause.isPending} onClick={() => unpause.mutate(undefined)}>
          <PlayIcon aria-hidden />
          {t('templates.unpause')}
        </Button>
      )}
      {template.status !== 'draft' && isEditable(template) && isWritable(template) && (
        <Button variant="outline" disabled={isEditing && isUnsaved} onClick={() => onEdit(!isEditing)}>
          <PencilIcon aria-hidden />
          {t(isEditing ? 'common.cancel' : 'common.edit')}
        </Button>
      )}
      <Button variant="outline" asChild>
        <Link to="/templates/new" search={{ from: id, as: 'language' }}>
          <LanguagesIcon aria-hidden />
          {t('templates.anotherLanguage')}
        </Link>
      </Button>
      <Button variant="outline" asChild>
        <Link to="/templates/new" search={{ from: id }}>
          <CopyIcon aria-hidden />
          {t('templates.copy')}
        </Link>
      </Button>
      <Confirm
        trigger={
          <Button variant="outline">
            <Trash2Icon className="text-destructive-text" aria-hidden />
            {t('common.delete')}
          </Button>
        }
        title={t('templates.deleteTitle', { name: `${name} (${languageName(template.language)})` })}
        text={isAtMeta ? t('templates.deleteText') : t('templates.deleteDraft')}
        action={t('common.delete')}
        destructive
        onConfirm={() => remove.mutateAsync(undefined)}
      />
    </>
  );
}

function Shown({ template }: { template: Template }) {
  const { t } = useTranslation();
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <div className="grid min-w-0 gap-4">
        <TemplateStanding template={template} />
        <Versions of={template} />
        <TemplateHistory id={template.id} />
      </div>
      <Card>
        <CardTitle>{t('templates.preview')}</CardTitle>
        <TemplatePreview template={template} filling={examplesIn(template)} />
      </Card>
    </div>
  );
}

/** A draft, or a change of what Meta has, for those who may change it. */
function Editing({ read, onUnsaved }: { read: Tagged<Template>; onUnsaved: (isUnsaved: boolean) => void }) {
  const { t } = useTranslation();
  const template = read.data;
  const channels = useQuery(channelsQuery(useWorkspaceId()));
  const channel = useChannelOf(template);
  if (channels.isPending) return <Loading />;
  return (
    <div className="grid gap-4">
      {template.status !== 'draft' && (
        <p role="status" className="rounded-md border border-amber-500 p-3 text-sm">
          {t(template.status === 'approved' ? 'templates.changeApproved' : 'templates.changeHint')}
        </p>
      )}
      <TemplateEditor start={draftOf(template, channel)} of={read} onUnsaved={onUnsaved} />
      <Versions of={template} />
      <TemplateHistory id={template.id} />
    </div>
  );
}

export function TemplatePage() {
  const { id } = useParams({ from: '/app/templates/$id' });
  return <OneTemplate key={id} id={id} />;
}

function OneTemplate({ id }: { id: string }) {
  const { t } = useTranslation();
  const isAdmin = useIs('admin');
  const query = useTemplate(id);
  const [isUnsaved, setUnsaved] = useState(false);
  const [isEditing, setEditing] = useState(false);
  const read = query.data?.data;
  // A submitted change is no longer written. When Meta has taken it, the page shows the template.
  useEffect(() => {
    if (read && !isEditable(read)) setEditing(false);
  }, [read]);
  if (query.isPending) return <Loading />;
  // A later read that fails takes nothing away.
  if (query.isLoadingError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const template = query.data.data;
  const isWritten = template.status === 'draft' || isEditing;
  return (
    <>
      <PageHead
        title={template.name}
        back={{ ...BACK, label: t('nav.templates') }}
        badge={
          <>
            <StateBadge state={template.status} />
            <Badge>{languageName(template.language)}</Badge>
            <Badge>{t(`templates.categories.${template.category}`)}</Badge>
          </>
        }
      >
        {isAdmin && <Actions template={template} isEditing={isEditing} isUnsaved={isUnsaved} onEdit={setEditing} />}
      </PageHead>
      {/* Somebody else can submit the draft: what this person has not saved stays, and the save tells of it. */}
      {isAdmin && (isUnsaved || (isWritten && isEditable(template) && isWritable(template))) ? (
        <Editing read={query.data} onUnsaved={setUnsaved} />
      ) : (
        <Shown template={template} />
      )}
    </>
  );
}
