import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '@/api/client';
import { contactNameQuery, useWorkspaceId } from '@/lib/queries';
import { Picker, type PickerControl } from './picker';

const SHOWN = 8;

/** Finds a contact by a part of the name, the phone or the e-mail address. */
export function ContactPicker({
  value,
  onChange,
  except,
  ...control
}: PickerControl & {
  value: string;
  onChange: (id: string) => void;
  except?: string;
}) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const [text, setText] = useState<string | null>(null);
  const name = useQuery({ ...contactNameQuery(workspace, value), enabled: value !== '' }).data;
  const q = text?.trim() ?? '';
  const found = useQuery({
    queryKey: [workspace, 'contacts', 'pick', q],
    queryFn: () => answer(api.GET('/api/v1/contacts/search', { params: { query: { q, limit: SHOWN } } })),
    enabled: q.length > 1,
  });
  return (
    <Picker
      {...control}
      shown={value ? (name ?? '…') : ''}
      placeholder={t('contacts.search')}
      listLabel={t('contacts.title')}
      text={text}
      onText={(next) => {
        setText(next);
        if (next !== null && value) onChange('');
      }}
      options={q.length > 1 ? (found.data?.items.filter((one) => one.id !== except) ?? []) : []}
      option={(one) => (
        <>
          <bdi className="truncate">{one.name || t('contacts.unnamed')}</bdi>
          <bdi dir="ltr" className="text-muted-foreground">
            {one.phone ?? one.email}
          </bdi>
        </>
      )}
      onPick={(one) => onChange(one.id)}
    />
  );
}
