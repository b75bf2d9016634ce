import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, tagged, type Schemas } from '@/api/client';
import { listOf, RecordDialog, tick, type Values } from '@/components/record-form';
import { SecretDialog } from '@/components/secret-dialog';
import type { useOpened } from '@/lib/opened';
import { useWorkspaceId } from '@/lib/queries';

type Endpoint = Schemas['Endpoint'];

export const readEndpoint = (id: string) => tagged(api.GET('/api/v1/endpoints/{id}', { params: { path: { id } } }));

/** What the first part of a type of events means. */
const ABOUT: Record<string, string> = {
  message: 'endpoints.messages',
  order: 'nav.orders',
  payment: 'nav.payments',
  booking: 'nav.bookings',
  subscription: 'nav.subscriptions',
  ticket: 'nav.tickets',
  campaign: 'nav.campaigns',
};

const aboutOf = (type: string) => type.split('.')[0] ?? type;
const fieldOf = (about: string) => `of_${about}`;

/** Outside of the hook, so that its answer stays the same list from one rendering to the next. */
const typesOf = (list: Schemas['Whole_EventType']) => list.items.map((one) => one.type);

export function useEventTypes(enabled: boolean) {
  const workspace = useWorkspaceId();
  return useQuery({
    queryKey: [workspace, 'event-types'],
    queryFn: () => answer(api.GET('/api/v1/endpoints/event-types')),
    staleTime: Infinity,
    select: typesOf,
    enabled,
  });
}

function valuesOf(one: Endpoint): Values {
  const types = one.event_types ?? [];
  const abouts = [...new Set(types.map(aboutOf))];
  return {
    url: one.url,
    description: one.description,
    all: tick(!one.event_types),
    ...Object.fromEntries(
      abouts.map((about) => [fieldOf(about), types.filter((type) => aboutOf(type) === about).join(',')]),
    ),
  };
}

/** Adds an endpoint or changes one. A new one has a secret, which is given to `onMade`. */
export function EndpointDialog({
  opened,
  onMade,
}: {
  opened: ReturnType<typeof useOpened<Endpoint>>;
  onMade: (secret: string) => void;
}) {
  const { t } = useTranslation();
  const query = useEventTypes(opened.isOpen);
  const types = query.data;
  const [written, setWritten] = useState<Values>({});
  const abouts = useMemo(() => {
    const all = new Set((types ?? []).map(aboutOf));
    return [...new Set([...Object.keys(ABOUT).filter((about) => all.has(about)), ...all])];
  }, [types]);
  const chosen = (values: Values) =>
    values.all ? null : abouts.flatMap((about) => listOf(values[fieldOf(about)])).toSorted();
  return (
    <RecordDialog
      {...opened.dialog}
      needs={query}
      title={opened.of ? t('endpoints.edit') : t('endpoints.add')}
      hint={opened.of ? undefined : t('endpoints.addHint')}
      done={opened.of ? undefined : ''}
      initial={{ all: 'yes' }}
      valuesOf={valuesOf}
      onValues={setWritten}
      groups={[
        {
          fields: [
            { name: 'url', label: t('endpoints.url'), hint: t('endpoints.urlHint'), kind: 'url', required: true },
            { name: 'description', label: t('endpoints.description') },
            { name: 'all', label: t('endpoints.allEvents'), kind: 'check' },
          ],
        },
        {
          fields: abouts.map((about) => ({
            name: fieldOf(about),
            label: t(ABOUT[about] ?? about, { defaultValue: about }),
            kind: 'many' as const,
            options: types?.filter((type) => aboutOf(type) === about).map((value) => ({ value, label: value })),
          })),
          hidden: Boolean(written.all),
        },
      ]}
      check={(values) => (chosen(values)?.length === 0 ? { all: t('endpoints.eventsMissing') } : undefined)}
      save={async (values, changed, etag) => {
        const url = values.url?.trim() ?? '';
        const description = values.description?.trim() ?? '';
        const event_types = chosen(values);
        const before = opened.of?.data;
        if (!before) {
          const made = await answer(api.POST('/api/v1/endpoints', { body: { url, description, event_types } }));
          onMade(made.secret);
          return;
        }
        const hasOtherTypes = ['all', ...abouts.map(fieldOf)].some((name) => changed.has(name));
        await api.PATCH('/api/v1/endpoints/{id}', {
          params: { path: { id: before.id }, header: { 'If-Match': etag } },
          body: {
            ...(changed.has('url') && { url }),
            ...(changed.has('description') && { description }),
            ...(hasOtherTypes && { event_types }),
          },
        });
      }}
    />
  );
}

/** A new secret of an endpoint, which is shown once. */
export function EndpointSecret({ secret, onKept }: { secret: string | null; onKept: () => void }) {
  const { t } = useTranslation();
  return (
    <SecretDialog
      title={t('endpoints.made')}
      text={t('endpoints.once')}
      label={t('endpoints.secret')}
      secret={secret}
      onKept={onKept}
    />
  );
}
