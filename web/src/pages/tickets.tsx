import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { nameColumn, timeColumn } from '@/components/columns';
import { ContactName } from '@/components/contact-name';
import { DataTable, type Column } from '@/components/data-table';
import { PageHead } from '@/components/page';
import { StateBadge } from '@/components/state-badge';
import { Badge } from '@/components/ui/badge';
import { useFormat } from '@/lib/format';
import { membersQuery, useWorkspaceId } from '@/lib/queries';

type Ticket = Schemas['Ticket'];

const STATES: Ticket['status'][] = ['open', 'pending', 'resolved', 'closed'];

export function Tickets() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const members = useQuery(membersQuery(workspace)).data;
  const columns = useMemo<Column<Ticket>[]>(
    () => [
      nameColumn(t('tickets.subject'), (one) => one.subject, 'subject'),
      { id: 'contact', header: t('tickets.contact'), cell: (one) => <ContactName id={one.contact_id} /> },
      {
        id: 'status',
        header: t('tickets.state'),
        value: (one) => one.status,
        filter: {
          kind: 'choice',
          server: true,
          quick: true,
          all: t('tickets.all'),
          of: (one) => (one.waiting_since ? ['waiting', one.status] : [one.status]),
          options: [
            { value: 'waiting', label: t('tickets.waiting') },
            ...STATES.map((one) => ({ value: one, label: t(`state.${one}`) })),
          ],
        },
        cell: (one) => <StateBadge state={one.status} />,
      },
      {
        id: 'waiting',
        header: t('tickets.waitingSince'),
        value: (one) => one.waiting_since,
        filter: { kind: 'day' },
        cell: (one) => (one.waiting_since ? <Badge tone="waiting">{format.moment(one.waiting_since)}</Badge> : '–'),
      },
      {
        id: 'assignee',
        header: t('tickets.assignee'),
        value: (one) => members?.items.find((member) => member.id === one.assignee_id)?.name,
        filter: { kind: 'text' },
        cell: (one) => members?.items.find((member) => member.id === one.assignee_id)?.name ?? '–',
      },
      timeColumn('created', t('tickets.created'), format.moment, (one) => one.created_at),
    ],
    [t, format, members],
  );
  return (
    <>
      <PageHead title={t('nav.tickets')} />
      <DataTable
        name="tickets"
        label={t('nav.tickets')}
        columns={columns}
        source={{
          key: [workspace, 'tickets'],
          // The stream of events does not tell assignees.
          every: 30_000,
          load: ({ filters, limit, cursor }) => {
            const status = STATES.find((one) => one === filters.status);
            const waiting = filters.status === 'waiting' || undefined;
            return answer(
              api.GET('/api/v1/support/tickets', { params: { query: { status, waiting, limit, cursor } } }),
            );
          },
        }}
        rowId={(one) => one.id}
        href={(one) => `/tickets/${one.id}`}
        empty={{ title: t('tickets.none'), hint: t('tickets.noneHint') }}
      />
    </>
  );
}
