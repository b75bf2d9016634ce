import { UploadIcon } from 'lucide-react';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { timeColumn } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { PageHead } from '@/components/page';
import { StateBadge } from '@/components/state-badge';
import { Button } from '@/components/ui/button';
import { useFormat } from '@/lib/format';
import { useIs, useWorkspaceId } from '@/lib/queries';

type Import = Schemas['ImportView'];

export function Imports() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const isAdmin = useIs('admin');
  const columns = useMemo<Column<Import>[]>(() => {
    const count = (id: 'rows_created' | 'rows_updated' | 'rows_skipped' | 'rows_bad') => ({
      id,
      header: t(`imports.${id}`),
      align: 'end' as const,
      value: (one: Import) => one[id],
      cell: (one: Import) => format.number(one[id]),
    });
    return [
      {
        id: 'file',
        header: t('imports.file'),
        value: (one) => one.file_name,
        filter: { kind: 'text' },
        cell: (one) => <bdi className="font-medium break-all">{one.file_name}</bdi>,
      },
      {
        id: 'status',
        header: t('common.state'),
        value: (one) => one.status,
        cell: (one) => <StateBadge state={one.status} />,
      },
      count('rows_created'),
      count('rows_updated'),
      { ...count('rows_skipped'), hidden: true },
      count('rows_bad'),
      timeColumn('created', t('imports.created'), format.moment, (one) => one.created_at),
    ];
  }, [t, format]);
  return (
    <>
      <PageHead title={t('imports.title')} back={{ to: '/contacts', label: t('contacts.title') }}>
        {isAdmin && (
          <Button asChild>
            <Link to="/imports/new">
              <UploadIcon aria-hidden />
              {t('imports.add')}
            </Link>
          </Button>
        )}
      </PageHead>
      <DataTable
        name="imports"
        label={t('imports.title')}
        columns={columns}
        source={{
          key: [workspace, 'imports'],
          every: 5_000,
          load: ({ limit, cursor }) => answer(api.GET('/api/v1/imports', { params: { query: { limit, cursor } } })),
        }}
        rowId={(one) => one.id}
        href={(one) => `/imports/${one.id}`}
        empty={{ title: t('imports.none'), hint: t('imports.noneHint') }}
      />
    </>
  );
}
