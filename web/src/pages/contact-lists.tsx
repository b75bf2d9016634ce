// What a contact has: conversations, orders, bookings, payments, subscriptions and tickets.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { PlusIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '@/api/client';
import { ListCard } from '@/components/list-card';
import { StateBadge } from '@/components/state-badge';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { inLanguage, useFormat } from '@/lib/format';
import { plansQuery, useWorkspaceId } from '@/lib/queries';
import { NewTicket } from './ticket-new';

interface Props {
  id: string;
  maySave: boolean;
}

const LINK = 'font-medium text-primary-text underline-offset-4 hover:underline';

function Conversations({ id }: { id: string }) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const conversations = useQuery({
    queryKey: [workspace, 'conversations', 'of', id],
    queryFn: () => answer(api.GET('/api/v1/conversations', { params: { query: { contact_id: id, limit: 10 } } })),
  });
  return (
    <ListCard
      title={t('contacts.conversations')}
      query={conversations}
      none={t('contacts.conversationsNone')}
      more={
        <Button asChild size="sm" variant="outline">
          <Link to="/inbox" search={{ f: { show: 'all', contact: id } }}>
            {t('contacts.inInbox')}
          </Link>
        </Button>
      }
      row={(one) => (
        <li key={one.id} className="flex flex-wrap items-center justify-between gap-2 py-2 text-sm">
          <Link to="/inbox" search={{ f: { show: 'all', contact: id }, open: one.id }} className={LINK}>
            {format.moment(one.last_activity_at)}
          </Link>
          <bdi className="line-clamp-1 min-w-0 grow basis-40 text-muted-foreground">{one.last_message?.text}</bdi>
          {one.waiting_since && <Badge tone="waiting">{t('inbox.waits')}</Badge>}
          <StateBadge state={one.status} />
        </li>
      )}
    />
  );
}

function Subscriptions({ id }: { id: string }) {
  const { t, i18n } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const plans = useQuery(plansQuery(workspace)).data?.items;
  const subscriptions = useQuery({
    queryKey: [workspace, 'subscriptions', 'of', id],
    queryFn: () => answer(api.GET('/api/v1/subscriptions', { params: { query: { contact_id: id, limit: 10 } } })),
  });
  return (
    <ListCard
      title={t('nav.subscriptions')}
      query={subscriptions}
      none={t('subscriptions.noneOf')}
      row={(one) => (
        <li key={one.id} className="flex flex-wrap items-center justify-between gap-2 py-2 text-sm">
          <Link to="/subscriptions/$id" params={{ id: one.id }} className={LINK}>
            {inLanguage(plans?.find((plan) => plan.id === one.plan_id)?.names, i18n.language) || t('subscriptions.one')}
          </Link>
          {one.ends_at && (
            <span className="text-muted-foreground">{t('ops.until', { time: format.day(one.ends_at) })}</span>
          )}
          <StateBadge state={one.status} />
        </li>
      )}
    />
  );
}

function Orders({ id, maySave }: Props) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const orders = useQuery({
    queryKey: [workspace, 'orders', 'of', id],
    queryFn: () => answer(api.GET('/api/v1/orders', { params: { query: { contact_id: id, limit: 10 } } })),
  });
  return (
    <ListCard
      title={t('nav.orders')}
      query={orders}
      none={t('orders.noneOf')}
      more={
        maySave && (
          <Button asChild size="sm" variant="outline">
            <Link to="/orders/new" search={{ contact: id }}>
              <PlusIcon aria-hidden />
              {t('orders.new')}
            </Link>
          </Button>
        )
      }
      row={(order) => (
        <li key={order.id} className="flex flex-wrap items-center justify-between gap-2 py-2 text-sm">
          <Link to="/orders/$id" params={{ id: order.id }} className={LINK}>
            #{order.number}
          </Link>
          <span className="text-muted-foreground">{format.day(order.created_at)}</span>
          <StateBadge state={order.status} />
          <span className="tabular-nums">{format.money(order.total_minor, order.currency)}</span>
        </li>
      )}
    />
  );
}

function Bookings({ id }: { id: string }) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const bookings = useQuery({
    queryKey: [workspace, 'bookings', 'of', id],
    queryFn: () => answer(api.GET('/api/v1/bookings', { params: { query: { contact_id: id, limit: 10 } } })),
  });
  return (
    <ListCard
      title={t('nav.bookings')}
      query={bookings}
      none={t('bookings.noneOf')}
      row={(booking) => (
        <li key={booking.id} className="flex flex-wrap items-center justify-between gap-2 py-2 text-sm">
          <span>{format.moment(booking.starts_at)}</span>
          <StateBadge state={booking.status} />
        </li>
      )}
    />
  );
}

function Payments({ id }: { id: string }) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const payments = useQuery({
    queryKey: [workspace, 'payments', 'of', id],
    queryFn: () => answer(api.GET('/api/v1/payments', { params: { query: { contact_id: id, limit: 10 } } })),
  });
  return (
    <ListCard
      title={t('nav.payments')}
      query={payments}
      none={t('payments.noneOf')}
      row={(payment) => (
        <li key={payment.id} className="flex flex-wrap items-center justify-between gap-2 py-2 text-sm">
          <Link to="/payments/$id" params={{ id: payment.id }} className={LINK}>
            {payment.description}
          </Link>
          <span className="text-muted-foreground">{format.day(payment.created_at)}</span>
          <StateBadge state={payment.status} />
          <span className="tabular-nums">{format.money(payment.amount_minor, payment.currency)}</span>
        </li>
      )}
    />
  );
}

function Tickets({ id, maySave }: Props) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const tickets = useQuery({
    queryKey: [workspace, 'tickets', 'of', id],
    queryFn: () => answer(api.GET('/api/v1/support/tickets', { params: { query: { contact_id: id, limit: 10 } } })),
  });
  return (
    <ListCard
      title={t('nav.tickets')}
      query={tickets}
      none={t('tickets.none')}
      more={maySave && <NewTicket contact={id} />}
      row={(ticket) => (
        <li key={ticket.id} className="flex flex-wrap items-center justify-between gap-2 py-2 text-sm">
          <Link to="/tickets/$id" params={{ id: ticket.id }} className={LINK}>
            {ticket.subject}
          </Link>
          <span className="text-muted-foreground">{format.moment(ticket.created_at)}</span>
          <StateBadge state={ticket.status} />
        </li>
      )}
    />
  );
}

export function ContactLists({ id, maySave }: Props) {
  return (
    <>
      <Conversations id={id} />
      <Orders id={id} maySave={maySave} />
      <Bookings id={id} />
      <Payments id={id} />
      <Subscriptions id={id} />
      <Tickets id={id} maySave={maySave} />
    </>
  );
}
