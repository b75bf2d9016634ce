import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { ContactName } from '@/components/contact-name';
import { DataTable, Filter, type Column } from '@/components/data-table';
import { PageHead } from '@/components/page';
import { StateBadge } from '@/components/state-badge';
import { Badge } from '@/components/ui/badge';
import { useFormat } from '@/lib/format';
import { useListState } from '@/lib/list-state';
import { membersQuery, useWorkspaceId } from '@/lib/queries';

type Ticket = Schemas['Ticket'];

const STATES = ['open', 'closed'] as const;

export function Tickets() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const { search, size } = useListState();
  const members = useQuery(membersQuery(workspace)).data;
  const status = STATES.find((one) => one === search.status);
  const waiting = search.status === 'waiting' ? true : undefined;
  const query = useQuery({
    queryKey: [workspace, 'tickets', search, size],
    queryFn: () =>
      answer(
        api.GET('/api/v1/support/tickets', {
          params: { query: { status, waiting, limit: size, cursor: search.cursor } },
        }),
      ),
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });
  const columns = useMemo<Column<Ticket>[]>(
    () => [
      { id: 'subject', header: t('tickets.subject'), cell: (one) => <bdi className="font-medium">{one.subject}</bdi> },
      { id: 'contact', header: t('tickets.contact'), cell: (one) => <ContactName id={one.contact_id} /> },
      { id: 'status', header: t('tickets.state'), cell: (one) => <StateBadge state={one.status} /> },
      {
        id: 'waiting',
        header: t('tickets.waitingSince'),
        cell: (one) => (one.waiting_since ? <Badge tone="waiting">{format.moment(one.waiting_since)}</Badge> : '–'),
      },
      {
        id: 'assignee',
        header: t('tickets.assignee'),
        cell: (one) => members?.items.find((member) => sameId(member.id, one.assignee_id))?.name ?? '–',
      },
      { id: 'created', header: t('tickets.created'), cell: (one) => format.moment(one.created_at) },
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
        query={query}
        rowId={(one) => one.id}
        href={(one) => `/tickets/${one.id}`}
        filters={
          <Filter
            by="status"
            label={t('tickets.state')}
            all={t('tickets.all')}
            options={[
              { value: 'waiting', label: t('tickets.waiting') },
              ...STATES.map((one) => ({ value: one, label: t(`state.${one}`) })),
            ]}
          />
        }
        empty={{ title: t('tickets.none'), hint: t('tickets.noneHint') }}
      />
    </>
  );
}

/** Some answers name a user by the bare UUID, others by the id with its prefix. */
export function sameId(id: string, uuid: string | null | undefined) {
  return uuid != null && id.split('_')[1] === uuid.replaceAll('-', '');
}
