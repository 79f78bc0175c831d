using System.Collections.Generic;
using System.Threading;
using Polder.Delta;

namespace Polder.Sql.Tables;

/// <summary>The tables that a session read last, by location. Thread-safe.</summary>
internal sealed class OpenTables
{
    private const int Most = 64;

    // The one used last stands first.
    private readonly LinkedList<(string Location, OpenTable Table)> _tables = [];
    private readonly Lock _lock = new();

    public OpenTable? Find(string location)
    {
        lock (_lock)
        {
            for (LinkedListNode<(string Location, OpenTable Table)>? node = _tables.First; node is not null;
                node = node.Next)
            {
                if (node.Value.Location == location)
                {
                    _tables.Remove(node);
                    _tables.AddFirst(node);
                    return node.Value.Table;
                }
            }
        }

        return null;
    }

    /// <summary>Keeps a table, unless it was opened twice at once; the one to use.</summary>
    public OpenTable Keep(string location, DeltaTable table)
    {
        lock (_lock)
        {
            if (Find(location) is OpenTable other)
            {
                return other;
            }

            OpenTable open = new(table);
            _tables.AddFirst((location, open));
            if (_tables.Count > Most)
            {
                _tables.RemoveLast();
            }

            return open;
        }
    }

    /// <summary>The table is no longer there.</summary>
    public void Forget(string location)
    {
        lock (_lock)
        {
            if (Find(location) is not null)
            {
                _tables.RemoveFirst();
            }
        }
    }
}
