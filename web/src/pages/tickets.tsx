import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, tagged, unlessChanged, type Schemas } from '@/api/client';
import { nameColumn, timeColumn } from '@/components/columns';
import { ContactName } from '@/components/contact-name';
import { DataTable, type Column, type Edit } from '@/components/data-table';
import { PageHead } from '@/components/page';
import { StateBadge } from '@/components/state-badge';
import { Badge, type Tone } from '@/components/ui/badge';
import { useFormat } from '@/lib/format';
import { membersQuery, useIs, useWorkspaceId } from '@/lib/queries';
import { PRIORITIES } from '@/lib/ticket';
import { NewTicket } from './ticket-new';

type Ticket = Schemas['Ticket'];

const STATES: Ticket['status'][] = ['open', 'pending', 'resolved', 'closed'];
const TONES: Record<Ticket['priority'], Tone> = { urgent: 'bad', high: 'waiting', normal: 'neutral', low: 'neutral' };

const read = ({ id }: Ticket) => tagged(api.GET('/api/v1/support/tickets/{id}', { params: { path: { id } } }));
const inPlace: Pick<Edit<Ticket>, 'required' | 'read' | 'save'> = {
  required: true,
  read,
  save: (body, { data: { id }, etag }) =>
    answer(api.PATCH('/api/v1/support/tickets/{id}', { params: { path: { id }, header: { 'If-Match': etag } }, body })),
};
const assigneeInPlace: Pick<Edit<Ticket>, 'kind' | 'text' | 'change' | 'read' | 'save'> = {
  kind: 'choice',
  text: (one) => one.assignee_id ?? '',
  change: (text) => ({ assignee_id: text || null }),
  read,
  save: async (body, base) => {
    await unlessChanged(read(base.data), base);
    const params = { path: { id: base.data.id } };
    return answer(api.PUT('/api/v1/support/tickets/{id}/assignee', { params, body }));
  },
};

export function Tickets() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const maySave = useIs('agent');
  const members = useQuery(membersQuery(workspace)).data;
  const priorities = useMemo(
    () => PRIORITIES.map((value) => ({ value, label: t(`tickets.priorities.${value}`) })),
    [t],
  );
  const columns = useMemo<Column<Ticket>[]>(
    () => [
      {
        ...nameColumn<Ticket>(t('tickets.subject'), (one) => one.subject, 'subject'),
        edit: maySave && { ...inPlace, text: (one) => one.subject, change: (subject) => ({ subject }) },
      },
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
        id: 'priority',
        header: t('tickets.priority'),
        value: (one) => one.priority,
        filter: { kind: 'choice', options: priorities },
        cell: (one) => <Badge tone={TONES[one.priority]}>{t(`tickets.priorities.${one.priority}`)}</Badge>,
        edit: maySave && {
          ...inPlace,
          kind: 'choice',
          options: priorities,
          text: (one) => one.priority,
          change: (text) => ({ priority: PRIORITIES.find((one) => one === text) }),
        },
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
        edit: maySave && {
          ...assigneeInPlace,
          options: [
            { value: '', label: t('inbox.nobody') },
            ...(members?.items ?? []).map((one) => ({ value: one.id, label: one.name ?? one.email ?? '–' })),
          ],
        },
      },
      timeColumn('created', t('tickets.created'), format.moment, (one) => one.created_at),
    ],
    [t, format, members, maySave, priorities],
  );
  return (
    <>
      <PageHead title={t('nav.tickets')}>{maySave && <NewTicket />}</PageHead>
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
