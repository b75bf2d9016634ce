import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { PlusIcon } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '@/api/client';
import { nameColumn, statusColumn, timeColumn } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { PageHead } from '@/components/page';
import { Button } from '@/components/ui/button';
import { AUTOMATION_STATES, automationFiguresQuery, useAutomationWords, type Automation } from '@/lib/automation';
import { useFormat } from '@/lib/format';
import { useIs, useWorkspaceId } from '@/lib/queries';

function Figure({ id, name }: { id: string; name: 'entered' | 'active' }) {
  const format = useFormat();
  const figures = useQuery(automationFiguresQuery(useWorkspaceId(), id)).data;
  return figures ? format.number(figures[name]) : '…';
}

function When({ automation }: { automation: Automation }) {
  return useAutomationWords().trigger(automation.trigger);
}

export function Automations() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const maySave = useIs('admin');
  const columns = useMemo<Column<Automation>[]>(
    () => [
      nameColumn(t('common.name'), (one) => one.name),
      statusColumn(t, t('common.state'), t('automations.all'), AUTOMATION_STATES),
      {
        id: 'trigger',
        header: t('automations.trigger'),
        value: (one) => t(`automations.kinds.${one.trigger.kind}`),
        cell: (one) => <When automation={one} />,
      },
      {
        id: 'entered',
        header: t('automations.entered'),
        align: 'end',
        cell: (one) => <Figure id={one.id} name="entered" />,
      },
      {
        id: 'active',
        header: t('automations.inIt'),
        align: 'end',
        cell: (one) => <Figure id={one.id} name="active" />,
      },
      timeColumn('next', t('automations.nextLook'), format.moment, (one) => one.next_at, true),
      timeColumn('updated', t('products.updated'), format.moment, (one) => one.updated_at, true),
    ],
    [t, format],
  );
  return (
    <>
      <PageHead title={t('nav.automations')}>
        {maySave && (
          <Button asChild>
            <Link to="/automations/new">
              <PlusIcon aria-hidden />
              {t('automations.add')}
            </Link>
          </Button>
        )}
      </PageHead>
      <DataTable
        name="automations"
        label={t('nav.automations')}
        columns={columns}
        source={{
          key: [workspace, 'automations'],
          load: ({ filters, limit, cursor }) => {
            const status = AUTOMATION_STATES.find((one) => one === filters.status);
            return answer(api.GET('/api/v1/messaging/automations', { params: { query: { status, limit, cursor } } }));
          },
        }}
        rowId={(one) => one.id}
        href={(one) => `/automations/${one.id}`}
        empty={{ title: t('automations.none'), hint: t('automations.noneHint') }}
      />
    </>
  );
}
