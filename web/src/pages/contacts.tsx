import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { PlusIcon } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { DataTable, Filter, type Column } from '@/components/data-table';
import { PageHead } from '@/components/page';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { useFormat } from '@/lib/format';
import { useListState, type ListSearch } from '@/lib/list-state';
import { tagsQuery, useIs, useWorkspaceId } from '@/lib/queries';
import { ContactDialog } from './contact-form';

type Contact = Schemas['ContactView'];

const SORTS = ['created_at', '-created_at', 'name', '-name', 'last_activity_at', '-last_activity_at'] as const;

async function contacts(search: ListSearch, size: number) {
  if (search.q) {
    // The best matches, without further pages: a person who does not see theirs writes more of the name.
    const found = await answer(
      api.GET('/api/v1/contacts/search', { params: { query: { q: search.q, limit: Math.min(size, 50) } } }),
    );
    return { items: found.items.filter((one) => !search.tag || one.tags.includes(search.tag)), next_cursor: null };
  }
  const sort = SORTS.find((one) => one === search.sort);
  const narrowed = {
    opted_out: search.status === 'opted_out' ? true : undefined,
    blocked: search.status === 'blocked' ? true : undefined,
  };
  return answer(
    api.GET('/api/v1/contacts', {
      params: { query: { tag: search.tag, sort, limit: size, cursor: search.cursor, ...narrowed } },
    }),
  );
}

export function Offers({ contact }: { contact: Pick<Contact, 'marketing' | 'blocked_at'> }) {
  const { t } = useTranslation();
  if (contact.blocked_at) return <Badge tone="bad">{t('contacts.blocked')}</Badge>;
  if (contact.marketing === true) return <Badge tone="good">{t('contacts.wants')}</Badge>;
  if (contact.marketing === false) return <Badge tone="waiting">{t('contacts.refuses')}</Badge>;
  return <Badge>{t('contacts.notAsked')}</Badge>;
}

export function Contacts() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const navigate = useNavigate();
  const { search, size } = useListState();
  const [isNew, setNew] = useState(false);
  const maySave = useIs('agent');
  const tags = useQuery(tagsQuery(workspace));
  const query = useQuery({
    queryKey: [workspace, 'contacts', search, size],
    queryFn: () => contacts(search, size),
    placeholderData: keepPreviousData,
  });
  const columns = useMemo<Column<Contact>[]>(
    () => [
      {
        id: 'name',
        header: t('contacts.name'),
        sort: 'name',
        cell: (one) => <bdi className="font-medium">{one.name || t('contacts.unnamed')}</bdi>,
      },
      { id: 'phone', header: t('contacts.phone'), cell: (one) => <bdi dir="ltr">{one.phone ?? '–'}</bdi> },
      { id: 'email', header: t('contacts.email'), hidden: true, cell: (one) => <bdi>{one.email ?? '–'}</bdi> },
      {
        id: 'tags',
        header: t('contacts.tags'),
        cell: (one) =>
          one.tags.length ? (
            <span className="inline-flex flex-wrap gap-1">
              {one.tags.map((tag) => (
                <Badge key={tag}>{tag}</Badge>
              ))}
            </span>
          ) : (
            '–'
          ),
      },
      { id: 'offers', header: t('contacts.offers'), cell: (one) => <Offers contact={one} /> },
      { id: 'language', header: t('contacts.language'), hidden: true, cell: (one) => one.language ?? '–' },
      { id: 'country', header: t('contacts.country'), hidden: true, cell: (one) => one.country ?? '–' },
      {
        id: 'activity',
        header: t('contacts.activity'),
        sort: 'last_activity_at',
        cell: (one) => format.moment(one.last_activity_at),
      },
      {
        id: 'created',
        header: t('contacts.created'),
        sort: 'created_at',
        hidden: true,
        cell: (one) => format.day(one.created_at),
      },
    ],
    [t, format],
  );
  return (
    <>
      <PageHead title={t('contacts.title')}>
        {maySave && (
          <Button onClick={() => setNew(true)}>
            <PlusIcon aria-hidden />
            {t('contacts.add')}
          </Button>
        )}
      </PageHead>
      <DataTable
        name="contacts"
        label={t('contacts.title')}
        columns={columns}
        query={query}
        rowId={(one) => one.id}
        href={(one) => `/contacts/${one.id}`}
        searchLabel={t('contacts.search')}
        filters={
          <>
            <Filter
              by="tag"
              label={t('contacts.tag')}
              all={t('contacts.allTags')}
              options={(tags.data?.items ?? []).map((tag) => ({
                value: tag.name,
                label: `${tag.name} (${tag.contacts})`,
              }))}
            />
            {!search.q && (
              <Filter
                by="status"
                label={t('contacts.state')}
                all={t('contacts.all')}
                options={[
                  { value: 'opted_out', label: t('contacts.refuses') },
                  { value: 'blocked', label: t('contacts.blocked') },
                ]}
              />
            )}
          </>
        }
        empty={{ title: t('contacts.none'), hint: t('contacts.noneHint') }}
      />
      <ContactDialog
        open={isNew}
        onOpenChange={setNew}
        onSaved={(contact) => void navigate({ to: '/contacts/$id', params: { id: contact.id } })}
      />
    </>
  );
}
