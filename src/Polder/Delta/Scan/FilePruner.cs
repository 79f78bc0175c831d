using System.Collections.Generic;
using System.Linq;
using System.Text;
using Polder.Delta.Snapshots;
using Polder.Expressions;

namespace Polder.Delta.Scan;

/// <summary>
/// Decides from the log which files a predicate needs: by partition values first, then by statistics. A file is
/// skipped only where a part of the conjunction can be true for none of its rows; whatever is not known keeps it.
/// </summary>
/// <remarks>
/// <see cref="StatsPruner"/> is what decides. Two shapes of condition have a short way to the same answer, for tables
/// of millions of files: one that looks at a single partition column is decided once for each of its values, and a
/// column beside a constant is compared over all files at once.
/// </remarks>
internal sealed class FilePruner
{
    private const string Partition = "partition";

    private readonly IReadOnlyDictionary<string, ScanColumn> _columns;
    private readonly FileSet _files;
    private readonly List<(Expression Condition, FileSkip Reason)> _conditions;

    public FilePruner(
        Expression? predicate,
        IReadOnlyDictionary<string, ScanColumn> columns,
        FileSet files)
    {
        _columns = columns;
        _files = files;
        _conditions = [.. (predicate is null ? [] : Conjunction.Split(predicate))
            .Select(condition => (condition, Explain(condition)))
            .OrderBy(pair => pair.Item2.By == Partition ? 0 : 1)];
    }

    /// <summary>The columns of which statistics are asked for.</summary>
    public IEnumerable<ScanColumn> Columns => _conditions
        .SelectMany(pair => StatsPruner.ColumnsOf(pair.Condition))
        .Select(column => _columns.GetValueOrDefault(StatsPruner.PathOf(column)!))
        .OfType<ScanColumn>().Where(column => !column.IsPartition).Distinct();

    /// <summary>For every file why it is skipped, or null where it is kept.</summary>
    public FileSelection Prune() => new(
        _files,
        [.. _conditions.Select(pair => pair.Reason)],
        Enumerable.Range(0, _files.Chunks.Count).Select(PruneChunk));

    /// <summary>By condition the rows of a chunk that it rules out.</summary>
    private ulong[][] PruneChunk(int chunk)
    {
        FileTable table = _files.Chunks[chunk].Table;
        FileStatistics statistics = new(_files, _columns);
        ulong[][] skipped = new ulong[_conditions.Count][];
        for (int index = 0; index < skipped.Length; index++)
        {
            Expression condition = _conditions[index].Condition;
            ulong[] rows = new ulong[(table.Count + RemovalMask.WordBits - 1) / RemovalMask.WordBits];
            skipped[index] = rows;
            if (TryCompare(condition, table, rows) || TryByValue(condition, statistics, chunk, rows))
            {
                continue;
            }

            for (int row = 0; row < table.Count; row++)
            {
                int word = row / RemovalMask.WordBits;
                bool isOut = false;
                for (int before = 0; before < index && !isOut; before++)
                {
                    isOut = (skipped[before][word] >> row & 1) != 0;
                }

                if (!isOut && IsOut(condition, statistics, chunk, row))
                {
                    rows[word] |= 1UL << row;
                }
            }
        }

        return skipped;
    }

    private static bool IsOut(Expression condition, FileStatistics statistics, int chunk, int row)
    {
        statistics.MoveTo(chunk, row);
        return StatsPruner.Prune(condition, statistics) == PruneResult.Skip;
    }

    /// <summary>A column compared with a constant of its type.</summary>
    private bool TryCompare(Expression condition, FileTable table, ulong[] rows)
    {
        if (condition is not Call { Children: [Expression left, Expression right] } call ||
            Direct(call.Function) is not Function relation)
        {
            return false;
        }

        if (left is Literal)
        {
            (left, right) = (right, left);
            relation = Mirror(relation);
        }

        if (right is not Literal { Value: object value } || !right.Type.Equals(left.Type) ||
            StatsPruner.PathOf(left) is not string path ||
            !_columns.TryGetValue(path, out ScanColumn? column) || column.IsPartition ||
            SnapshotStatistics.Find(table, column) is not StatisticsColumn statistics)
        {
            return false;
        }

        if (statistics.IsNumber && StatisticsColumn.ToLong(value) is long number)
        {
            statistics.Exclude(relation, number, rows);
            return true;
        }

        if (statistics.IsText && value is string text)
        {
            statistics.Exclude(relation, Encoding.UTF8.GetBytes(text), rows);
            return true;
        }

        return false;
    }

    private static Function? Direct(Function function) => function is Function.Equal or Function.LessThan or
        Function.LessThanOrEqual or Function.GreaterThan or Function.GreaterThanOrEqual ? function : null;

    private static Function Mirror(Function relation) => relation switch
    {
        Function.LessThan => Function.GreaterThan,
        Function.LessThanOrEqual => Function.GreaterThanOrEqual,
        Function.GreaterThan => Function.LessThan,
        Function.GreaterThanOrEqual => Function.LessThanOrEqual,
        _ => relation,
    };

    /// <summary>A condition on one partition column alone: files with one value share one answer.</summary>
    private bool TryByValue(Expression condition, FileStatistics statistics, int chunk, ulong[] rows)
    {
        List<string> paths =
            [.. StatsPruner.ColumnsOf(condition).Select(column => StatsPruner.PathOf(column)!).Distinct()];
        FileTable table = _files.Chunks[chunk].Table;
        if (paths.Count != 1 || !_columns.TryGetValue(paths[0], out ScanColumn? column) || !column.IsPartition ||
            column.Names[0] == Changes.ChangeColumns.Type ||
            table.FindPartitionColumn(column.Names[0]) is not DictionaryColumn values)
        {
            return false;
        }

        // Null, and a file of no rows, depend on the number of rows too: they are looked at one by one.
        bool?[] answers = new bool?[values.Texts.Count];
        for (int row = 0; row < table.Count; row++)
        {
            int code = values.GetCode(row);
            bool isOut = code == 0 || table.GetPhysicalRowCount(row) == 0
                ? IsOut(condition, statistics, chunk, row)
                : answers[code] ??= IsOut(condition, statistics, chunk, row);
            rows[row / RemovalMask.WordBits] |= (isOut ? 1UL : 0UL) << row;
        }

        return true;
    }

    private FileSkip Explain(Expression condition)
    {
        List<string> names = [.. Conjunction.ColumnNames(condition).Distinct()];
        bool isPartition = names.Count > 0 &&
            names.All(name => _columns.TryGetValue(name, out ScanColumn? column) && column.IsPartition);
        return new FileSkip(isPartition ? Partition : "statistics", string.Join(", ", names));
    }
}
