import { CopyIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { toast } from 'sonner';
import { Button } from './ui/button';

/** A text that a person must keep, with a button that copies it. */
export function CopyText({ label, text }: { label: string; text: string }) {
  const { t } = useTranslation();
  return (
    <div className="flex items-start gap-2">
      <output
        aria-label={label}
        dir="ltr"
        className="min-w-0 grow rounded-md border bg-muted p-3 font-mono text-sm break-all whitespace-pre-wrap"
      >
        {text}
      </output>
      <Button
        variant="outline"
        size="icon"
        aria-label={`${t('common.copy')}: ${label}`}
        title={t('common.copy')}
        onClick={() =>
          // Without https a browser may copy nothing: the text stays in sight.
          void navigator.clipboard?.writeText(text).then(
            () => toast.success(t('common.copied')),
            () => undefined,
          )
        }
      >
        <CopyIcon aria-hidden />
      </Button>
    </div>
  );
}
