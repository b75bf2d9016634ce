import { useTranslation } from 'react-i18next';
import { tagged, api, type Schemas, type Tagged } from '@/api/client';
import { listOf, RecordDialog, type Values } from '@/components/record-form';
import { LANGUAGE_OPTIONS } from '@/lib/i18n';
import { useWorkspaceId } from '@/lib/queries';

type Contact = Schemas['ContactView'];

const TEXTS = ['name', 'phone', 'email', 'language'] as const;

function valuesOf(contact: Contact): Values {
  return {
    name: contact.name ?? '',
    phone: contact.phone ?? '',
    email: contact.email ?? '',
    language: contact.language ?? '',
    tags: contact.tags.join(', '),
  };
}

export function contactQuery(workspace: string, id: string) {
  return {
    queryKey: [workspace, 'contact', id],
    queryFn: () => tagged(api.GET('/api/v1/contacts/{id}', { params: { path: { id } } })),
  };
}

/** Makes a contact, or edits one. */
export function ContactDialog({
  open,
  onOpenChange,
  of,
  onSaved,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  of?: Tagged<Contact>;
  onSaved?: (contact: Contact) => void;
}) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  return (
    <RecordDialog
      open={open}
      onOpenChange={onOpenChange}
      title={of ? t('contacts.edit') : t('contacts.add')}
      hint={t('contacts.formHint')}
      of={of}
      valuesOf={valuesOf}
      read={of && contactQuery(workspace, of.data.id).queryFn}
      groups={[
        {
          fields: [
            { name: 'name', label: t('contacts.name') },
            { name: 'phone', label: t('contacts.phone'), hint: t('contacts.phoneHint'), kind: 'tel' },
            { name: 'email', label: t('contacts.email'), kind: 'email' },
            {
              name: 'language',
              label: t('contacts.language'),
              kind: 'choice',
              options: [{ value: '', label: t('contacts.languageUnknown') }, ...LANGUAGE_OPTIONS],
            },
            { name: 'tags', label: t('contacts.tags'), hint: t('contacts.tagsHint') },
          ],
        },
      ]}
      check={(values) =>
        of || values.phone?.trim() || values.email?.trim() ? undefined : { phone: t('contacts.phoneMissing') }
      }
      save={async (values, changed, etag) => {
        const texts = Object.fromEntries(
          TEXTS.filter((name) => !of || changed.has(name)).map((name) => [name, values[name]?.trim() || null]),
        );
        const body = { ...texts, ...(!of || changed.has('tags') ? { tags: listOf(values.tags) } : {}) };
        const saved = of
          ? await tagged(
              api.PATCH('/api/v1/contacts/{id}', {
                params: { path: { id: of.data.id }, header: { 'If-Match': etag } },
                body,
              }),
            )
          : await tagged(api.POST('/api/v1/contacts', { body }));
        onSaved?.(saved.data);
      }}
    />
  );
}
