import { RefreshCwIcon } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, asItIs, rawFile, tagged, type Schemas } from '@/api/client';
import { actionsColumn, nameColumn, timeColumn } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { Field } from '@/components/field';
import { AddButton, PageHead } from '@/components/page';
import { RecordForm, type Values } from '@/components/record-form';
import { DeleteButton, EditButton, RowButton } from '@/components/row-actions';
import { StateBadge } from '@/components/state-badge';
import { Tabs, useTab } from '@/components/tabs';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Dialog, DialogContent, DialogDescription, DialogTitle } from '@/components/ui/dialog';
import { Input } from '@/components/ui/input';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';
import { LANGUAGE_OPTIONS } from '@/lib/i18n';
import { useOpened } from '@/lib/opened';
import { useIs, useWorkspace, useWorkspaceId } from '@/lib/queries';
import { languageName } from '@/lib/texts';
import { Meaning } from './knowledge-meaning';
import { Passages } from './knowledge-passages';
import { Reader } from './knowledge-reader';

type Document = Schemas['Document'];
type Whole = Schemas['DocumentText'];
type Format = Schemas['KnowledgeFormat'];

const FORMATS = ['text', 'markdown', 'questions'] as const;
const SOURCES = ['text', 'pdf', 'web'] as const;
const STATES = ['ready', 'fetching', 'failed'] as const;
const LARGEST_PDF = 10 * 1024 * 1024;
const LIVE_MS = 5_000;

const read = (id: string) => tagged(api.GET('/api/v1/knowledge/{id}', { params: { path: { id } } }));

function formatOf(name: string): Format {
  if (/\.(md|markdown)$/i.test(name)) return 'markdown';
  return /\.(csv|tsv)$/i.test(name) ? 'questions' : 'text';
}

/** The text of a file, or null when it is not UTF-8. */
async function textOf(file: File) {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    return null;
  }
}

function Editor({ opened }: { opened: ReturnType<typeof useOpened<Whole>> }) {
  const { t } = useTranslation();
  const workspace = useWorkspace();
  const [picked, setPicked] = useState<Values | null>(null);
  const [pdf, setPdf] = useState<File | null>(null);
  const [isPage, setPage] = useState(false);
  const [files, setFiles] = useState(0);
  const [fault, setFault] = useState('');
  const before = opened.of?.data;
  const pick = async (file: File | undefined) => {
    if (!file) return;
    const isPdf = /\.pdf$/i.test(file.name);
    const body = isPdf ? '' : await textOf(file);
    const refusal =
      isPdf && file.size > LARGEST_PDF ? t('knowledge.pdfTooLarge') : body === null ? t('knowledge.notUtf8') : '';
    setFault(refusal);
    if (refusal || body === null) return;
    setPdf(isPdf ? file : null);
    setPicked({
      // A newer file of a document keeps the name and the language that it has here.
      ...(!before && { title: file.name.replace(/\.[^.]+$/, '') }),
      ...(!isPdf && { format: formatOf(file.name), body }),
    });
    setFiles((count) => count + 1);
  };
  const writesText = !isPage && !pdf;
  const save = (values: Values, etag: string | undefined) => {
    const about = { title: values.title?.trim() ?? '', language: values.language ?? '' };
    const params = { path: { id: before?.id ?? '' }, header: { 'If-Match': etag } };
    if (isPage)
      return api.POST('/api/v1/knowledge/pages', { body: { ...about, address: values.address?.trim() ?? '' } });
    if (pdf) {
      const file = rawFile(pdf, 'application/pdf');
      return before
        ? api.PUT('/api/v1/knowledge/{id}/pdf', { params: { ...params, query: about }, ...file })
        : api.POST('/api/v1/knowledge/pdf', { params: { query: about }, ...file });
    }
    const body = {
      ...about,
      format: FORMATS.find((one) => one === values.format) ?? 'text',
      body: values.body ?? '',
    };
    return before ? api.PUT('/api/v1/knowledge/{id}', { params, body }) : api.POST('/api/v1/knowledge', { body });
  };
  return (
    <DialogContent className="sm:max-w-2xl">
      <DialogTitle>{before ? t('knowledge.replace') : t('knowledge.add')}</DialogTitle>
      <DialogDescription>{t('knowledge.hint')}</DialogDescription>
      {!before && (
        <div role="group" aria-label={t('knowledge.source')} className="flex flex-wrap gap-2">
          {(['text', 'web'] as const).map((source) => (
            <Button
              key={source}
              size="sm"
              variant={isPage === (source === 'web') ? 'secondary' : 'ghost'}
              aria-pressed={isPage === (source === 'web')}
              onClick={() => setPage(source === 'web')}
            >
              {t(`knowledge.sources.${source}`)}
            </Button>
          ))}
        </div>
      )}
      {!isPage && (
        <Field label={t('knowledge.file')} hint={t('knowledge.fileHint')} error={fault || undefined}>
          <Input
            type="file"
            accept=".txt,.md,.markdown,.csv,.tsv,.pdf,text/plain,text/markdown,text/csv,application/pdf"
            className="py-1.5"
            onChange={(event) => void pick(event.target.files?.[0])}
          />
        </Field>
      )}
      {!isPage && pdf && (
        <p role="status" className="text-sm">
          {t('knowledge.pdfChosen', { name: pdf.name })}
        </p>
      )}
      <div className="[&_textarea]:min-h-56">
        {/* A file that is chosen is the form's new beginning. */}
        <RecordForm<Whole>
          key={`${isPage} ${files}`}
          of={opened.of}
          initial={{ format: 'text', language: workspace?.default_language ?? 'en', ...picked }}
          valuesOf={(one) => ({
            title: one.title,
            language: one.language,
            format: one.format,
            body: one.body,
            ...picked,
          })}
          read={before && (() => read(before.id))}
          groups={[
            { fields: [{ name: 'title', label: t('knowledge.title'), required: true }] },
            {
              beside: true,
              fields: [
                {
                  name: 'language',
                  label: t('common.language'),
                  kind: 'choice',
                  options: LANGUAGE_OPTIONS,
                },
                ...(writesText
                  ? [
                      {
                        name: 'format',
                        label: t('knowledge.format'),
                        kind: 'choice' as const,
                        options: FORMATS.map((value) => ({ value, label: t(`knowledge.formats.${value}`) })),
                      },
                    ]
                  : []),
              ],
            },
            {
              hidden: !isPage,
              fields: [
                {
                  name: 'address',
                  label: t('knowledge.address'),
                  hint: t('knowledge.addressHint'),
                  kind: 'url',
                  required: true,
                },
              ],
            },
            {
              hidden: !writesText,
              fields: [
                {
                  name: 'body',
                  label: t('knowledge.body'),
                  hint: t('knowledge.bodyHint'),
                  kind: 'area',
                  required: true,
                },
              ],
            },
          ]}
          save={(values, _, etag) => save(values, etag)}
          onDone={opened.close}
          onCancel={opened.close}
        />
      </div>
    </DialogContent>
  );
}

export function Knowledge() {
  const { t } = useTranslation();
  const tab = useTab(['documents', 'passages', 'meaning']);
  const tabs = (
    <Tabs
      label={t('nav.knowledge')}
      tabs={[
        { id: 'documents', label: t('knowledge.documents') },
        { id: 'passages', label: t('knowledge.passages') },
        { id: 'meaning', label: t('meaning.title') },
      ]}
    />
  );
  if (tab === 'documents') return <Documents tabs={tabs} />;
  return (
    <>
      <PageHead title={t('nav.knowledge')} />
      {tabs}
      {tab === 'passages' ? <Passages /> : <Meaning />}
    </>
  );
}

function Documents({ tabs }: { tabs: ReactNode }) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const maySave = useIs('admin');
  const opened = useOpened<Whole>(read);
  const [shown, setShown] = useState<string | null>(null);
  const remove = useAct(
    async (id: string) => api.DELETE('/api/v1/knowledge/{id}', { params: await asItIs(read, id) }),
    t('common.deleted'),
  );
  const fetchAgain = useAct(
    (id: string) => api.POST('/api/v1/knowledge/{id}/fetch', { params: { path: { id } } }),
    t('knowledge.fetching'),
  );
  const fetchOne = fetchAgain.mutate;
  const edit = opened.edit;
  const removeOne = remove.mutateAsync;
  const columns = useMemo<Column<Document>[]>(
    () => [
      nameColumn(t('knowledge.title'), (one) => one.title, 'title'),
      {
        id: 'language',
        header: t('common.language'),
        value: (one) => one.language,
        filter: {
          kind: 'choice',
          quick: true,
          all: t('knowledge.languages'),
          options: LANGUAGE_OPTIONS,
        },
        cell: (one) => languageName(one.language),
      },
      {
        id: 'format',
        header: t('knowledge.format'),
        value: (one) => one.format,
        filter: {
          kind: 'choice',
          options: FORMATS.map((value) => ({ value, label: t(`knowledge.formats.${value}`) })),
        },
        cell: (one) => <Badge>{t(`knowledge.formats.${one.format}`)}</Badge>,
      },
      {
        id: 'pieces',
        header: t('knowledge.pieces'),
        align: 'end',
        value: (one) => one.pieces,
        filter: { kind: 'number' },
        cell: (one) => format.number(one.pieces),
      },
      {
        id: 'source',
        header: t('knowledge.source'),
        value: (one) => one.source,
        filter: {
          kind: 'choice',
          options: SOURCES.map((value) => ({ value, label: t(`knowledge.sources.${value}`) })),
        },
        cell: (one) => t(`knowledge.sources.${one.source}`),
      },
      {
        id: 'state',
        header: t('common.state'),
        value: (one) => one.state,
        filter: { kind: 'choice', options: STATES.map((value) => ({ value, label: t(`state.${value}`) })) },
        cell: (one) => (
          <span title={one.failure ?? undefined}>
            <StateBadge state={one.state} />
          </span>
        ),
      },
      timeColumn('updated', t('products.updated'), format.moment, (one) => one.updated_at),
      ...actionsColumn(maySave, (one: Document) => (
        <>
          {one.source === 'web' ? (
            <RowButton words={t('knowledge.fetch')} name={one.title} onClick={() => fetchOne(one.id)}>
              <RefreshCwIcon aria-hidden />
            </RowButton>
          ) : (
            <EditButton name={one.title} onClick={() => edit(one.id)} />
          )}
          <DeleteButton
            name={one.title}
            title={t('knowledge.deleteTitle')}
            text={t('knowledge.deleteText')}
            onConfirm={() => removeOne(one.id)}
          />
        </>
      )),
    ],
    [t, format, maySave],
  );
  return (
    <>
      <PageHead title={t('nav.knowledge')}>
        {maySave && <AddButton onClick={opened.add}>{t('knowledge.add')}</AddButton>}
      </PageHead>
      {tabs}
      <DataTable
        name="knowledge"
        label={t('nav.knowledge')}
        columns={columns}
        source={{
          key: [workspace, 'knowledge', 'list'],
          every: LIVE_MS,
          load: ({ limit, cursor }) => answer(api.GET('/api/v1/knowledge', { params: { query: { limit, cursor } } })),
        }}
        rowId={(one) => one.id}
        onRow={(one) => setShown(one.id)}
        empty={{ title: t('knowledge.none'), hint: t('knowledge.noneHint') }}
      />
      <Dialog open={shown !== null} onOpenChange={(open) => !open && setShown(null)}>
        {shown && <Reader id={shown} />}
      </Dialog>
      <Dialog open={opened.isOpen} onOpenChange={opened.onOpenChange}>
        {opened.isOpen && <Editor opened={opened} />}
      </Dialog>
    </>
  );
}
