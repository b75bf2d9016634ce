import { useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { useReason } from '@/components/states';
import { useWorkspaceId } from './queries';

/** A change: tells how it ended, and reads again what the workspace shows. */
export function useAct<In, Out>(act: (input: In) => Promise<Out>, done?: string) {
  const queries = useQueryClient();
  const workspace = useWorkspaceId();
  const reason = useReason();
  return useMutation({
    mutationFn: act,
    onSuccess: () => {
      if (done) toast.success(done);
      return queries.invalidateQueries({ queryKey: [workspace] });
    },
    onError: (error) => toast.error(reason(error)),
  });
}
