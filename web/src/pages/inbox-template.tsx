import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, ApiError, type Schemas } from '@/api/client';
import { useAct } from '@/lib/act';
import type { Message } from '@/lib/conversation';
import { useFormat } from '@/lib/format';
import { templatesQuery, useWorkspaceId } from '@/lib/queries';
import { wantsOf } from '@/lib/template';
import { Field } from '@/components/field';
import { Empty, Failed, Loading } from '@/components/states';
import { TemplatePreview } from '@/components/template-preview';
import { answerOf, hasGap, NOTHING, shownOf, TemplateValues } from './inbox-template-values';
import { Button } from '@/components/ui/button';
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogTitle } from '@/components/ui/dialog';
import { NativeSelect } from '@/components/ui/input';

/** Templates of the account. Codes go out by themselves. */
function usable(templates: Schemas['Template'][], account: string | null | undefined) {
  return templates.filter(
    (one) => one.status === 'approved' && one.category !== 'authentication' && one.account_id === account,
  );
}

/** The faults of the template's values, by their places below it. */
function faultsOf(error: unknown): Record<string, string> {
  const all = (error instanceof ApiError && error.problem?.errors) || [];
  return Object.fromEntries(all.map(({ pointer, detail }) => [pointer.replace(/^\/template/, ''), detail]));
}

/** Answers with an approved template, which reaches the customer at any time. */
export function TemplateAnswer({
  id,
  account,
  language,
  open,
  onOpenChange,
  onSent,
}: {
  id: string;
  account: string | null | undefined;
  /** The customer's language. */
  language: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onSent: (message: Message) => void;
}) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState('');
  const [values, setValues] = useState(NOTHING);
  const format = useFormat();
  const templates = useQuery({ ...templatesQuery(useWorkspaceId()), enabled: open });
  const all = usable(templates.data?.items ?? [], account).toSorted(
    (a, b) => Number(b.language.startsWith(language)) - Number(a.language.startsWith(language)),
  );
  const template = all.find((one) => one.id === chosen) ?? all[0];
  const wants = wantsOf(template);
  const send = useAct(async () => {
    if (!template) return;
    const body = { template: { name: template.name, language: template.language, ...answerOf(values, wants) } };
    onSent(await answer(api.POST('/api/v1/conversations/{id}/messages', { params: { path: { id } }, body })));
    setValues(NOTHING);
    onOpenChange(false);
  });
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent>
        <DialogTitle>{t('inbox.sendTemplate')}</DialogTitle>
        <DialogDescription>{t('inbox.templateHint')}</DialogDescription>
        {templates.isError ? (
          <Failed error={templates.error} retry={() => void templates.refetch()} />
        ) : templates.isPending ? (
          <Loading />
        ) : !template ? (
          <Empty title={t('inbox.noTemplates')} />
        ) : (
          <form
            className="grid gap-4"
            onSubmit={(event) => {
              event.preventDefault();
              send.mutate(undefined);
            }}
          >
            <Field label={t('inbox.template')}>
              <NativeSelect
                value={template.id}
                onChange={(event) => {
                  setChosen(event.target.value);
                  setValues(NOTHING);
                  send.reset();
                }}
              >
                {all.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.name} ({one.language})
                  </option>
                ))}
              </NativeSelect>
            </Field>
            <TemplateValues
              value={values}
              wants={wants}
              faults={faultsOf(send.error)}
              onChange={(next) => {
                setValues(next);
                send.reset();
              }}
            />
            <TemplatePreview template={template} filling={shownOf(values, wants, format.moment)} />
            <DialogFooter>
              <Button variant="outline" onClick={() => onOpenChange(false)}>
                {t('common.cancel')}
              </Button>
              <Button type="submit" disabled={send.isPending || hasGap(values, wants)}>
                {t('inbox.send')}
              </Button>
            </DialogFooter>
          </form>
        )}
      </DialogContent>
    </Dialog>
  );
}
