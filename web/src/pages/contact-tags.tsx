import { useQuery } from '@tanstack/react-query';
import { XIcon } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schemas } from '@/api/client';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Input } from '@/components/ui/input';
import { useAct } from '@/lib/act';
import { tagsQuery, useIs, useWorkspaceId } from '@/lib/queries';
import { contactQuery } from './contact-form';

/** A contact's tags, which are added and taken away one by one. */
export function ContactTags({ contact }: { contact: Schemas['ContactView'] }) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const list = useId();
  const maySave = useIs('agent');
  const [text, setText] = useState('');
  const known = useQuery({ ...tagsQuery(workspace), enabled: maySave }).data?.items ?? [];
  const change = useAct(
    async ({ add, remove }: { add?: string; remove?: string }) => {
      // What others have changed since the page was read stays.
      const { data, etag } = await contactQuery(workspace, contact.id).queryFn();
      const kept = data.tags.filter((tag) => tag !== remove);
      await api.PUT('/api/v1/contacts/{id}/tags', {
        params: { path: { id: contact.id }, header: { 'If-Match': etag } },
        body: { tags: add ? [...kept, add] : kept },
      });
      if (add) setText('');
    },
    t('common.saved'),
    `tags of ${contact.id}`,
  );
  return (
    <>
      {contact.tags.length ? (
        <ul className="flex flex-wrap gap-2">
          {contact.tags.map((tag) => (
            <li key={tag}>
              <Badge>
                <bdi>{tag}</bdi>
                {maySave && (
                  <button
                    type="button"
                    aria-label={`${t('contacts.tagRemove')}: ${tag}`}
                    title={t('contacts.tagRemove')}
                    className="-me-1.5 grid size-6 place-items-center rounded-full hover:bg-background"
                    disabled={change.isPending}
                    onClick={() => change.mutate({ remove: tag })}
                  >
                    <XIcon className="size-3.5" aria-hidden />
                  </button>
                )}
              </Badge>
            </li>
          ))}
        </ul>
      ) : (
        <p className="text-sm text-muted-foreground">{t('contacts.tagsNone')}</p>
      )}
      {maySave && (
        <form
          className="mt-3 flex flex-wrap gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            if (text.trim()) change.mutate({ add: text.trim() });
          }}
        >
          <Input
            aria-label={t('contacts.tag')}
            placeholder={t('contacts.tag')}
            className="h-8 w-48"
            list={list}
            maxLength={50}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <datalist id={list}>
            {known
              .filter((tag) => !contact.tags.includes(tag.name))
              .map((tag) => (
                <option key={tag.id} value={tag.name} />
              ))}
          </datalist>
          <Button type="submit" size="sm" variant="outline" disabled={!text.trim() || change.isPending}>
            {t('contacts.tagAdd')}
          </Button>
        </form>
      )}
    </>
  );
}
