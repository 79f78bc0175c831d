using System.Collections.Generic;
using System.Threading;

namespace Polder.Server.Supervisor;

/// <summary>The last lines that a worker wrote: what there is to show when it dies. Thread-safe.</summary>
internal sealed class OutputTail
{
    private const int MostLines = 60;
    private const int LongestLine = 400;

    private readonly Queue<string> _lines = new();
    private readonly Lock _lock = new();

    public void Add(string line)
    {
        lock (_lock)
        {
            _lines.Enqueue(line.Length > LongestLine ? line[..LongestLine] + "…" : line);
            if (_lines.Count > MostLines)
            {
                _lines.Dequeue();
            }
        }
    }

    public override string ToString()
    {
        lock (_lock)
        {
            return string.Join('\n', _lines);
        }
    }
}
