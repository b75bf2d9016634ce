import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { PlusIcon, RefreshCwIcon } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { statusColumn, timeColumn } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { PageHead } from '@/components/page';
import { Button } from '@/components/ui/button';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';
import { templatesQuery, useIs, useWorkspaceId } from '@/lib/queries';
import { languageName } from '@/lib/texts';

type Template = Schemas['Template'];

const STATES = ['draft', 'submitted', 'approved', 'rejected', 'paused', 'disabled'] as const;

export function Templates() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const isAdmin = useIs('admin');
  const sync = useAct(() => api.POST('/api/v1/templates/sync'), t('templates.syncing'));
  const all = useQuery(templatesQuery(workspace)).data?.items;
  const languages = useMemo(() => [...new Set(all?.map((one) => one.language))].toSorted(), [all]);
  const columns = useMemo<Column<Template>[]>(
    () => [
      {
        id: 'name',
        header: t('templates.name'),
        value: (one) => one.name,
        filter: { kind: 'text' },
        cell: (one) => <span className="font-medium break-all">{one.name}</span>,
      },
      {
        id: 'language',
        header: t('templates.language'),
        value: (one) => one.language,
        filter: {
          kind: 'choice',
          quick: true,
          all: t('templates.allLanguages'),
          options: languages.map((value) => ({ value, label: languageName(value) })),
        },
        cell: (one) => languageName(one.language),
      },
      {
        id: 'category',
        header: t('templates.category'),
        value: (one) => one.category,
        filter: {
          kind: 'choice',
          options: (['marketing', 'utility', 'authentication'] as const).map((one) => ({
            value: one,
            label: t(`templates.categories.${one}`),
          })),
        },
        cell: (one) => t(`templates.categories.${one.category}`),
      },
      statusColumn(t, t('templates.state'), t('templates.all'), STATES),
      {
        id: 'body',
        header: t('templates.text'),
        value: (one) => one.body,
        filter: { kind: 'text' },
        cell: (one) => <bdi className="line-clamp-2 max-w-md text-muted-foreground sm:line-clamp-1">{one.body}</bdi>,
      },
      timeColumn('updated', t('templates.updated'), format.moment, (one) => one.updated_at, true),
    ],
    [t, format, languages],
  );
  return (
    <>
      <PageHead title={t('nav.templates')}>
        {isAdmin && (
          <>
            <Button variant="outline" disabled={sync.isPending} onClick={() => sync.mutate(undefined)}>
              <RefreshCwIcon aria-hidden />
              {t('templates.sync')}
            </Button>
            <Button asChild>
              <Link to="/templates/new">
                <PlusIcon aria-hidden />
                {t('templates.add')}
              </Link>
            </Button>
          </>
        )}
      </PageHead>
      <DataTable
        name="templates"
        label={t('nav.templates')}
        columns={columns}
        source={{
          key: [workspace, 'templates'],
          load: ({ filters, limit, cursor }) => {
            const status = STATES.find((one) => one === filters.status);
            return answer(api.GET('/api/v1/templates', { params: { query: { status, limit, cursor } } }));
          },
        }}
        rowId={(one) => one.id}
        href={(one) => `/templates/${one.id}`}
        empty={{ title: t('templates.none'), hint: t('templates.noneHint') }}
      />
    </>
  );
}
