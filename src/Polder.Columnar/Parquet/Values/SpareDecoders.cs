using System.Collections.Generic;
using System.Threading;
using Polder.Parquet.Read;

namespace Polder.Parquet.Values;

/// <summary>
/// Value decoders of one read that have done with a row group, for the next one: they bring their dictionaries' memory
/// and what they learned of sizes. Thread-safe.
/// </summary>
internal sealed class SpareDecoders
{
    private readonly Dictionary<LeafPlan, Stack<ValueDecoder>> _spares = [];
    private readonly Lock _lock = new();

    /// <summary>A decoder for a leaf, to be returned.</summary>
    public ValueDecoder Take(LeafPlan leaf)
    {
        lock (_lock)
        {
            if (_spares.TryGetValue(leaf, out Stack<ValueDecoder>? stack) && stack.TryPop(out ValueDecoder? spare))
            {
                return spare;
            }
        }

        return ValueDecoders.For(leaf.Leaf, leaf.Type, leaf.Form);
    }

    /// <summary>Takes a decoder back; nobody may use it any more.</summary>
    public void Return(LeafPlan leaf, ValueDecoder decoder)
    {
        lock (_lock)
        {
            if (!_spares.TryGetValue(leaf, out Stack<ValueDecoder>? stack))
            {
                _spares[leaf] = stack = new Stack<ValueDecoder>();
            }

            stack.Push(decoder);
        }
    }
}
