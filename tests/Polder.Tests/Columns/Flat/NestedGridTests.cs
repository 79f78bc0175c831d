using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Flat;
using Xunit;

namespace Polder.Tests.Columns.Flat;

/// <summary>Every depth up to the limit, every kind of leaf, against lists of objects.</summary>
public sealed class NestedGridTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Lists_of_every_depth_read_as_the_lists_they_were_made_of(int seed)
    {
        for (int depth = 1; depth <= Limits.Default.NestingDepth; depth++)
        {
            Random random = new((100 * seed) + depth);
            RoundTrip(random, depth, DataType.Integer, r => r.Next());
            RoundTrip(random, depth, DataType.Double, r => r.NextDouble());
            RoundTrip(random, depth, DataType.Boolean, r => r.Next(2) == 0);
            RoundTrip(random, depth, DataType.Decimal(38, 2), r => (Int128)r.NextInt64() << 50);
            if (depth > 1)
            {
                // The bytes of a string are the innermost list, and never null.
                RoundTrip(random, depth, DataType.String, r => (byte)r.Next('a', 'z'), areBytes: true);
            }
        }
    }

    private static void RoundTrip<T>(
        Random random, int depth, DataType leaf, Func<Random, T> next, bool areBytes = false)
        where T : unmanaged
    {
        NestedBuilder<T> builder = new(TypeOf(depth, leaf, areBytes));
        object?[] rows = [.. Enumerable.Range(0, 4).Select(_ => Make(random, depth, next, areBytes))];
        foreach (object? row in rows)
        {
            Append(builder, row);
        }

        IArrowArray array = builder.Build();
        ArrayValidation.Check(array);
        Check(rows, array, areBytes, default(T));
        Check(rows[1..3], ArrowArrayFactory.Slice(array, 1, 2), areBytes, default(T));
    }

    private static void Check<T>(object?[] rows, IArrowArray array, bool areBytes, T _)
        where T : unmanaged
    {
        NestedColumn<T> column = array is StringArray || areBytes
            ? (NestedColumn<T>)(object)Nested.Utf8(array)
            : Nested.Of<T>(array);
        Assert.Equal(rows.Length, column.Count);
        Check(rows, column.Rows);
    }

    // Two of three items are lists with items, so that depth 64 is reached; the lists are short, so that it ends.
    private static object? Make<T>(Random random, int depth, Func<Random, T> next, bool areBytes)
        where T : unmanaged
    {
        if (depth == 0)
        {
            return !areBytes && random.Next(4) == 0 ? null : next(random);
        }

        int count = random.Next(10) switch
        {
            0 => -1,
            1 => 0,
            2 => 2,
            _ => 1,
        };
        return count < 0 ? null
            : Enumerable.Range(0, count).Select(_ => Make(random, depth - 1, next, areBytes)).ToArray();
    }

    private static void Append<T>(NestedBuilder<T> builder, object? value)
        where T : unmanaged
    {
        switch (value)
        {
            case null:
                builder.AppendNull();
                break;
            case object?[] items:
                builder.BeginList();
                foreach (object? item in items)
                {
                    Append(builder, item);
                }

                builder.EndList();
                break;
            default:
                builder.Append((T)value);
                break;
        }
    }

    private static void Check<T>(object?[]? expected, NestedView<T> view)
        where T : unmanaged
    {
        Assert.Equal(expected is null, view.IsNull);
        Assert.Equal(expected?.Length ?? 0, view.Count);
        object?[] leaves = [.. LeavesOf(expected, view.Depth)];
        Assert.Equal(leaves.Length, view.Leaves.Length);
        for (int index = 0; index < leaves.Length; index++)
        {
            Assert.Equal(leaves[index], view.IsNullLeaf(index) ? null : view.Leaves[index]);
        }

        if (view.Depth > 0)
        {
            int place = 0;
            foreach (NestedView<T> item in view)
            {
                object?[]? below = (object?[]?)expected![place++];
                Check(below, item);
                Assert.Equal(item.Count, view[place - 1].Count);
            }

            Assert.Equal(expected?.Length ?? 0, place);
        }
    }

    private static IEnumerable<object?> LeavesOf(object?[]? items, int depth) => depth == 0
        ? items ?? []
        : (items ?? []).SelectMany(item => LeavesOf((object?[]?)item, depth - 1));

    private static DataType TypeOf(int depth, DataType leaf, bool areBytes)
    {
        DataType type = leaf;
        for (int level = areBytes ? 1 : 0; level < depth; level++)
        {
            type = DataType.Array(type);
        }

        return type;
    }
}
