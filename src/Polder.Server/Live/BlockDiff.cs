using System.Collections.Generic;
using Polder.Server.Site;

namespace Polder.Server.Live;

/// <summary>One step of a patch, in the order of the new page.</summary>
/// <param name="Kind">Keep an old block as it is, morph it, or insert a new one.</param>
/// <param name="Old">The index of the old block; -1 for a new one.</param>
/// <param name="New">The index of the new block.</param>
internal readonly record struct BlockOperation(BlockOperationKind Kind, int Old, int New);

internal enum BlockOperationKind
{
    Keep,
    Morph,
    Insert,
}

/// <summary>How one array of blocks becomes another: old blocks that no operation names are removed.</summary>
internal static class BlockDiff
{
    /// <summary>
    /// Pairs blocks by key and hash, then by hash alone (moved or shifted), then by key alone (changed), then what is
    /// left between two pairs by kind, in order.
    /// </summary>
    public static IReadOnlyList<BlockOperation> Between(PageBlocks old, PageBlocks now)
    {
        int[] pair = new int[now.Count];
        bool[] taken = new bool[old.Count];
        System.Array.Fill(pair, -1);
        Dictionary<string, int> byKey = [];
        for (int index = 0; index < old.Count; index++)
        {
            byKey[old.Key(index)] = index;
        }

        void Take(int at, int from)
        {
            pair[at] = from;
            taken[from] = true;
        }

        for (int index = 0; index < now.Count; index++)
        {
            if (byKey.TryGetValue(now.Key(index), out int same) && old.Hash(same) == now.Hash(index))
            {
                Take(index, same);
            }
        }

        PairByHash(old, now, pair, taken, Take);
        for (int index = 0; index < now.Count; index++)
        {
            if (pair[index] < 0 && byKey.TryGetValue(now.Key(index), out int same) && !taken[same] &&
                old.Kind(same) == now.Kind(index))
            {
                Take(index, same);
            }
        }

        BlockOperation[] operations = new BlockOperation[now.Count];
        for (int index = 0; index < now.Count; index++)
        {
            int from = pair[index];
            BlockOperationKind kind = from < 0 ? BlockOperationKind.Insert
                : old.Hash(from) == now.Hash(index) ? BlockOperationKind.Keep : BlockOperationKind.Morph;
            operations[index] = new BlockOperation(kind, from, index);
        }

        return operations;
    }

    private static void PairByHash(
        PageBlocks old, PageBlocks now, int[] pair, bool[] taken, System.Action<int, int> take)
    {
        Dictionary<ulong, Queue<int>> byHash = [];
        for (int index = 0; index < old.Count; index++)
        {
            if (!taken[index])
            {
                if (!byHash.TryGetValue(old.Hash(index), out Queue<int>? same))
                {
                    byHash[old.Hash(index)] = same = new Queue<int>();
                }

                same.Enqueue(index);
            }
        }

        for (int index = 0; index < now.Count; index++)
        {
            if (pair[index] < 0 && byHash.TryGetValue(now.Hash(index), out Queue<int>? same) && same.Count > 0)
            {
                take(index, same.Dequeue());
            }
        }
    }
}
