// Many articles at once. The API takes all or none, so the faults of each row stand beside it before anything is kept.

import { useQueryClient } from '@tanstack/react-query';
import { UploadIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from 'sonner';
import { answer, api, ApiError, type Schemas } from '@/api/client';
import { Field } from '@/components/field';
import { PageHead } from '@/components/page';
import { useReason } from '@/components/states';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { Textarea } from '@/components/ui/input';
import { Table, TableCell, TableHead, TableRow } from '@/components/ui/table';
import { ARTICLE_FIELDS, articlesOf, MOST_ARTICLES, MOST_BYTES } from '@/lib/articles';
import { useFormat } from '@/lib/format';
import { useWorkspaceId } from '@/lib/queries';

interface Row {
  article: Schemas['NewArticle'];
  faults: string[];
  taken?: Schemas['Taken'];
}

export function AddNews() {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReason();
  const queries = useQueryClient();
  const workspace = useWorkspaceId();
  const [text, setText] = useState('');
  const [name, setName] = useState('');
  const [fault, setFault] = useState('');
  const [rows, setRows] = useState<Row[]>([]);
  const [isBusy, setBusy] = useState(false);

  const read = (next: string) => {
    setText(next);
    setFault('');
    setRows([]);
    if (!next.trim()) return;
    const said = articlesOf(next);
    if ('articles' in said) setRows(said.articles.map((article) => ({ article, faults: [] })));
    else setFault(t(`news.bulkFaults.${said.fault}`, { names: said.names, most: MOST_ARTICLES }));
  };
  const readFile = async (file: File | undefined) => {
    if (!file) return;
    setName(file.name);
    if (file.size > MOST_BYTES) {
      setRows([]);
      setFault(t('news.bulkFaults.large', { most: format.bytes(MOST_BYTES) }));
    } else read(await file.text());
  };
  const add = async (chosen: Row[]) => {
    setBusy(true);
    setFault('');
    try {
      const articles = chosen.map((row) => row.article);
      const { items } = await answer(api.POST('/api/v1/news/articles/bulk', { body: { articles } }));
      setRows(chosen.map((row, index) => ({ ...row, faults: [], taken: items[index] })));
      toast.success(t('news.bulkDone', { count: items.filter((one) => one.created).length }));
      await queries.invalidateQueries({ queryKey: [workspace] });
    } catch (error) {
      const faults = new Map<number, string[]>();
      for (const { pointer, detail } of (error instanceof ApiError && error.problem?.errors) || []) {
        const [, place, ...field] = pointer.split('/').filter(Boolean);
        const index = Number(place);
        if (chosen[index]) faults.set(index, [...(faults.get(index) ?? []), `${field.join(' ')}: ${detail}`]);
      }
      setRows(chosen.map((row, index) => ({ article: row.article, faults: faults.get(index) ?? [] })));
      setFault(faults.size ? t('news.bulkRefused', { count: faults.size }) : reason(error));
    } finally {
      setBusy(false);
    }
  };
  const good = rows.filter((row) => !row.faults.length);
  const isDone = rows.some((row) => row.taken);
  return (
    <>
      <PageHead title={t('news.bulk')} back={{ to: '/news', label: t('nav.news') }} />
      <div className="grid gap-6">
        <Card className="grid gap-4">
          <label className="grid cursor-pointer justify-items-center gap-2 rounded-md border border-dashed p-6 text-center focus-within:outline-2 focus-within:outline-ring hover:bg-muted">
            <UploadIcon className="size-6 text-muted-foreground" aria-hidden />
            <span className="font-medium">{name ? <bdi>{name}</bdi> : t('news.bulkFile')}</span>
            <span className="text-sm text-muted-foreground">{t('news.bulkFileHint')}</span>
            <input
              type="file"
              className="sr-only"
              accept=".csv,.json,text/csv,application/json"
              onChange={(event) => {
                void readFile(event.target.files?.[0]);
                // The same file can be chosen again.
                event.target.value = '';
              }}
            />
          </label>
          <Field
            label={t('news.bulkText')}
            hint={
              <>
                {t('news.bulkTextHint')} <bdi dir="ltr">{ARTICLE_FIELDS.join(', ')}</bdi>
              </>
            }
            error={fault}
          >
            <Textarea dir="ltr" rows={8} value={text} onChange={(event) => read(event.target.value)} />
          </Field>
        </Card>
        {rows.length > 0 && (
          <Card>
            <CardTitle>{t('news.bulkRows', { count: rows.length })}</CardTitle>
            <div className="-mx-4 overflow-x-auto">
              <Table>
                <thead className="border-b">
                  <tr>
                    <TableHead>{t('news.bulkRow')}</TableHead>
                    <TableHead>{t('news.headline')}</TableHead>
                    <TableHead>{t('news.topics')}</TableHead>
                    <TableHead>{t('common.state')}</TableHead>
                  </tr>
                </thead>
                <tbody>
                  {rows.map(({ article, faults, taken }, index) => (
                    <TableRow key={index}>
                      <TableCell className="tabular-nums">{format.number(index + 1)}</TableCell>
                      <TableCell>
                        <bdi className="line-clamp-2 max-w-md min-w-40">{String(article.title ?? '') || '–'}</bdi>
                      </TableCell>
                      <TableCell>
                        <bdi dir="ltr">{Array.isArray(article.topics) ? article.topics.join(', ') : '–'}</bdi>
                      </TableCell>
                      <TableCell>
                        {faults.map((one) => (
                          <p key={one} dir="auto" className="min-w-48 text-destructive-text">
                            {one}
                          </p>
                        ))}
                        {taken && (
                          <Badge tone={taken.created ? 'good' : 'neutral'}>
                            {taken.created ? t('news.bulkAdded') : t('news.bulkKnown')}
                          </Badge>
                        )}
                        {!faults.length && !taken && '–'}
                      </TableCell>
                    </TableRow>
                  ))}
                </tbody>
              </Table>
            </div>
            {!isDone && (
              <div className="mt-6 flex flex-wrap gap-2">
                <Button disabled={isBusy} onClick={() => void add(rows)}>
                  {t('news.bulkGo', { count: rows.length })}
                </Button>
                {good.length > 0 && good.length < rows.length && (
                  <Button variant="outline" disabled={isBusy} onClick={() => void add(good)}>
                    {t('news.bulkGood', { count: good.length })}
                  </Button>
                )}
              </div>
            )}
          </Card>
        )}
      </div>
    </>
  );
}
