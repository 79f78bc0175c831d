using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Execution;
using Polder.Expressions;
using Polder.Sql.Analysis;
using Polder.Sql.Planning;

namespace Polder.Sql.Tables;

/// <summary>The numbers of range(start, end, step): from start, before end.</summary>
internal sealed class RangeTable : ResolvedTable, IBatchSource
{
    private const int BatchRows = 8192;
    private const long MorselRows = 1 << 20;

    private readonly long _start;
    private readonly long _step;
    private readonly long _count;

    private RangeTable(long start, long step, long count)
    {
        _start = start;
        _step = step;
        _count = count;
    }

    public override DataType Schema { get; } =
        DataType.Struct(new StructField("id", DataType.Long, nullable: false));

    public override long? RowCount => _count;

    public long? RowCountEstimate => _count;

    /// <summary>The table of range(end), range(start, end) or range(start, end, step, partitions).</summary>
    public static RangeTable Create(IReadOnlyList<Expression> arguments, TextSpan span)
    {
        if (arguments.Count is < 1 or > 4)
        {
            throw QueryException.NotYet("range() with such arguments", span);
        }

        long[] values = [.. arguments.Select(Evaluate)];
        long start = values.Length == 1 ? 0 : values[0];
        long end = values.Length == 1 ? values[0] : values[1];
        long step = values.Length > 2 ? values[2] : 1;
        if (step == 0)
        {
            throw QueryException.NotYet("range() with a step of 0", span);
        }

        Int128 distance = step > 0 ? (Int128)end - start : (Int128)start - end;
        Int128 stride = Int128.Abs(step);
        Int128 count = distance <= 0 ? 0 : (distance + stride - 1) / stride;
        return count > long.MaxValue
            ? throw QueryException.NotYet("a range() of so many numbers", span)
            : new RangeTable(start, step, (long)count) { Qualifier = [] };
    }

    public override PlanNode CreatePlan(IReadOnlyList<int> fields, Expression? predicate) =>
        new RegisteredTable(this) { Qualifier = [] }.CreatePlan(fields, predicate);

    public ValueTask<IReadOnlyList<Morsel>> OpenAsync(CancellationToken cancellationToken)
    {
        // At most some thousand parts, however many numbers.
        long rows = long.Max(MorselRows, _count / 4096);
        List<Morsel> morsels = [];
        for (long first = 0; first < _count; first += rows)
        {
            morsels.Add(new RangeMorsel(this, first, long.Min(rows, _count - first)));
        }

        return ValueTask.FromResult<IReadOnlyList<Morsel>>(morsels);
    }

    private static long Evaluate(Expression argument) => argument.Type.IsIntegral &&
        ColumnValues.Get(
            ValuesBatch.Evaluate(TypeWidening.Convert(argument, DataType.Long)), 0, DataType.Long) is long value
            ? value
            : throw QueryException.NotYet("range() of other than whole numbers", argument.Span);

    private sealed class RangeMorsel(RangeTable table, long first, long count) : Morsel
    {
        public override async IAsyncEnumerable<RecordBatch> ReadAsync(
            [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Schema schema = ArrowTypes.ToSchema(table.Schema);
            for (long done = 0; done < count; done += BatchRows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int rows = (int)long.Min(BatchRows, count - done);
                FixedBuilder<long> numbers = (FixedBuilder<long>)ColumnBuilder.Create(DataType.Long, rows);
                for (int row = 0; row < rows; row++)
                {
                    numbers.Append(table._start + ((first + done + row) * table._step));
                }

                yield return new RecordBatch(schema, [numbers.Build()], rows);
            }

            await ValueTask.CompletedTask.ConfigureAwait(false);
        }
    }
}
