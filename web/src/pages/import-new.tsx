import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { FileUpIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, rawFile } from '@/api/client';
import { Field } from '@/components/field';
import { PageHead } from '@/components/page';
import { useReason } from '@/components/states';
import { Steps } from '@/components/steps';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Input, NativeSelect } from '@/components/ui/input';
import { Table, TableCell, TableHead, TableRow } from '@/components/ui/table';
import { rowsOf } from '@/lib/csv';
import { fieldsQuery, useWorkspace, useWorkspaceId } from '@/lib/queries';

const TYPES = {
  csv: 'text/csv',
  txt: 'text/csv',
  tsv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  vcf: 'text/vcard',
} as const;
const FIELDS = ['name', 'first_name', 'middle_name', 'last_name', 'phone', 'email', 'language', 'tags'] as const;
const SAMPLE_BYTES = 64 * 1024;
const SAMPLE_ROWS = 6;
const MOST_BYTES = 20 * 1024 * 1024;

function typeOf(file: File) {
  const ending = file.name.split('.').pop()?.toLowerCase() ?? '';
  return (TYPES as Record<string, string>)[ending] ?? '';
}

/** The first rows of a text file. Other kinds are read by Kazi alone. */
async function sampleOf(file: File) {
  if (typeOf(file) !== 'text/csv') return [];
  const bytes = await file.slice(0, SAMPLE_BYTES).arrayBuffer();
  const text = new TextDecoder().decode(bytes);
  const known = text.includes('\uFFFD') ? new TextDecoder('windows-1252').decode(bytes) : text;
  const rows = rowsOf(known, SAMPLE_ROWS + 10);
  // Titles may stand above the header.
  const head = rows.findIndex((row) => row.filter(Boolean).length > 1);
  return rows.slice(Math.max(0, head), Math.max(0, head) + SAMPLE_ROWS);
}

export function NewImport() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const reason = useReason();
  const workspaceId = useWorkspaceId();
  const workspace = useWorkspace();
  const custom = useQuery(fieldsQuery(workspaceId)).data?.items ?? [];
  const [step, setStep] = useState(0);
  const [file, setFile] = useState<File | null>(null);
  const [rows, setRows] = useState<string[][]>([]);
  const [columns, setColumns] = useState<Record<string, string>>({});
  const [existing, setExisting] = useState<'update' | 'skip'>('update');
  const [tags, setTags] = useState('');
  const [country, setCountry] = useState('');
  const [consent, setConsent] = useState('');
  const [fault, setFault] = useState('');
  const header = rows[0] ?? [];
  const begin = useMutation({
    mutationFn: async () => {
      const chosen = Object.fromEntries(Object.entries(columns).filter(([, field]) => field));
      return answer(
        api.POST('/api/v1/imports', {
          params: {
            query: {
              file_name: file!.name,
              columns: Object.keys(chosen).length ? JSON.stringify(chosen) : undefined,
              country: country.trim().toUpperCase() || undefined,
              existing,
              tags: tags.trim() || undefined,
              consent: consent.trim() || undefined,
            },
          },
          ...rawFile(file!, typeOf(file!)),
        }),
      );
    },
    onSuccess: (made) => navigate({ to: '/imports/$id', params: { id: made.id } }),
  });
  const choose = async (next: File | undefined) => {
    setFault('');
    setFile(null);
    if (!next) return;
    if (!typeOf(next)) return setFault(t('imports.kindWrong'));
    if (next.size > MOST_BYTES) return setFault(t('imports.tooLarge'));
    setFile(next);
    setColumns({});
    setRows(await sampleOf(next));
  };
  const fieldName = (value: string) =>
    value.startsWith('attributes.')
      ? (custom.find((one) => `attributes.${one.key}` === value)?.label ?? value)
      : t(`imports.fields.${value || 'auto'}`);
  return (
    <>
      <PageHead title={t('imports.add')} back={{ to: '/imports', label: t('imports.title') }} />
      <Steps names={[t('imports.stepFile'), t('imports.stepColumns'), t('imports.stepCheck')]} at={step} />
      <Card className="max-w-4xl">
        {step === 0 && (
          <div className="grid gap-4">
            <label
              className="flex cursor-pointer flex-col items-center gap-2 rounded-md border-2 border-dashed p-8 text-center focus-within:outline-2 focus-within:outline-ring hover:bg-muted"
              onDragOver={(event) => event.preventDefault()}
              onDrop={(event) => {
                event.preventDefault();
                void choose(event.dataTransfer.files[0]);
              }}
            >
              <FileUpIcon className="size-8 text-muted-foreground" aria-hidden />
              <span className="font-medium">{file ? <bdi>{file.name}</bdi> : t('imports.choose')}</span>
              <span className="text-sm text-muted-foreground">{t('imports.kinds')}</span>
              <input
                type="file"
                className="sr-only"
                accept={Object.keys(TYPES)
                  .map((one) => `.${one}`)
                  .join(',')}
                onChange={(event) => void choose(event.target.files?.[0])}
              />
            </label>
            {fault && (
              <p role="alert" className="text-sm text-destructive-text">
                {fault}
              </p>
            )}
          </div>
        )}
        {step === 1 && (
          <div className="grid gap-6">
            {header.length > 0 ? (
              <div className="overflow-x-auto">
                <Table>
                  <thead className="border-b">
                    <tr>
                      <TableHead>{t('imports.column')}</TableHead>
                      <TableHead>{t('imports.examples')}</TableHead>
                      <TableHead>{t('imports.becomes')}</TableHead>
                    </tr>
                  </thead>
                  <tbody>
                    {header.map((name, index) => (
                      <TableRow key={index}>
                        <TableCell className="font-medium">
                          <bdi>{name || '–'}</bdi>
                        </TableCell>
                        <TableCell className="max-w-64 truncate text-muted-foreground">
                          <bdi>
                            {rows
                              .slice(1, 4)
                              .map((row) => row[index])
                              .filter(Boolean)
                              .join(' · ')}
                          </bdi>
                        </TableCell>
                        <TableCell>
                          <NativeSelect
                            aria-label={t('imports.becomesOf', { column: name })}
                            className="min-w-44"
                            value={columns[name] ?? ''}
                            onChange={(event) => setColumns({ ...columns, [name]: event.target.value })}
                          >
                            {['', ...FIELDS, ...custom.map((one) => `attributes.${one.key}`), 'ignore'].map((value) => (
                              <option key={value} value={value}>
                                {fieldName(value)}
                              </option>
                            ))}
                          </NativeSelect>
                        </TableCell>
                      </TableRow>
                    ))}
                  </tbody>
                </Table>
              </div>
            ) : (
              <p className="text-sm text-muted-foreground">{t('imports.noPreview')}</p>
            )}
            <div className="grid items-start gap-4 sm:grid-cols-2">
              <Field label={t('imports.existing')}>
                <NativeSelect
                  value={existing}
                  onChange={(event) => setExisting(event.target.value === 'skip' ? 'skip' : 'update')}
                >
                  <option value="update">{t('imports.update')}</option>
                  <option value="skip">{t('imports.skip')}</option>
                </NativeSelect>
              </Field>
              <Field label={t('contacts.tags')} hint={t('imports.tagsHint')}>
                <Input value={tags} onChange={(event) => setTags(event.target.value)} />
              </Field>
              <Field
                label={t('settings.country')}
                hint={t('imports.countryHint', { country: workspace?.country ?? '–' })}
              >
                <Input dir="ltr" maxLength={2} value={country} onChange={(event) => setCountry(event.target.value)} />
              </Field>
              <Field label={t('contacts.consent')} hint={t('imports.consentHint')}>
                <Input value={consent} onChange={(event) => setConsent(event.target.value)} />
              </Field>
            </div>
          </div>
        )}
        {step === 2 && (
          <div className="grid gap-4">
            <p>{t('imports.check', { file: file?.name })}</p>
            {header.length > 0 && (
              <div className="overflow-x-auto rounded-md border">
                <Table>
                  <thead className="border-b">
                    <tr>
                      {header.map((name, index) =>
                        columns[name] === 'ignore' ? null : (
                          <TableHead key={index}>
                            <bdi>{name}</bdi>
                            {columns[name] && (
                              <span className="block text-primary-text">→ {fieldName(columns[name])}</span>
                            )}
                          </TableHead>
                        ),
                      )}
                    </tr>
                  </thead>
                  <tbody>
                    {rows.slice(1).map((row, at) => (
                      <TableRow key={at}>
                        {header.map((name, index) =>
                          columns[name] === 'ignore' ? null : (
                            <TableCell key={index} className="max-w-48 truncate">
                              <bdi>{row[index]}</bdi>
                            </TableCell>
                          ),
                        )}
                      </TableRow>
                    ))}
                  </tbody>
                </Table>
              </div>
            )}
            {begin.isError && (
              <p role="alert" className="text-sm text-destructive-text">
                {reason(begin.error)}
              </p>
            )}
          </div>
        )}
        <div className="mt-6 flex justify-end gap-2">
          {step > 0 && (
            <Button variant="outline" onClick={() => setStep(step - 1)}>
              {t('common.back')}
            </Button>
          )}
          {step < 2 ? (
            <Button disabled={!file} onClick={() => setStep(step + 1)}>
              {t('common.next')}
            </Button>
          ) : (
            <Button disabled={begin.isPending} onClick={() => begin.mutate()}>
              {t('imports.begin')}
            </Button>
          )}
        </div>
      </Card>
    </>
  );
}
