using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using Polder.Bytes;
using Xunit;

namespace Polder.Tests.Bytes;

public sealed class BufferSequenceTests
{
    [Fact]
    public void A_script_of_appends_and_splits_equals_a_list_of_bytes()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            LedgerAllocator ledger = new();
            Random random = new(seed);
            List<(BufferSequence Sequence, List<byte> Model)> all = [(new BufferSequence(), [])];
            for (int step = 0; step < 150; step++)
            {
                (BufferSequence sequence, List<byte> model) = all[random.Next(all.Count)];
                if (random.Next(3) > 0)
                {
                    byte[] bytes = new byte[random.Next(0, 50)];
                    random.NextBytes(bytes);
                    sequence.Append(BufferSlice.CopyFrom(bytes, ledger));
                    model.AddRange(bytes);
                }
                else
                {
                    int count = random.Next(0, model.Count + 1);
                    all.Add((sequence.SplitTo(count), model[..count]));
                    model.RemoveRange(0, count);
                }

                foreach ((BufferSequence each, List<byte> expected) in all)
                {
                    Assert.Equal(expected.Count, each.Length);
                    Assert.True(
                        each.AsReadOnlySequence().ToArray().SequenceEqual(expected), $"seed {seed}, step {step}");
                }
            }

            foreach ((BufferSequence sequence, List<byte> model) in all)
            {
                using BufferSlice slice = sequence.ToContiguous(ledger);
                Assert.Equal(model, slice.Span.ToArray());
                Assert.Throws<ObjectDisposedException>(() => sequence.AsReadOnlySequence());
            }

            ledger.AssertEachCameBackOnce();
        }
    }

    [Fact]
    public void One_slice_comes_out_as_it_went_in()
    {
        BufferSlice slice = BufferSlice.CopyFrom([1, 2, 3]);
        using BufferSequence sequence = new();
        sequence.Append(BufferSlice.Empty);
        sequence.Append(slice);
        Assert.Same(slice, sequence.ToContiguous());
        Assert.Equal([1, 2, 3], slice.Span.ToArray());
        Assert.Equal(0, new BufferSequence().ToContiguous().Length);
        Assert.Throws<ObjectDisposedException>(() => sequence.Append(slice));
    }

    [Fact]
    public void More_than_there_is_cannot_be_split_off()
    {
        using BufferSequence sequence = ReaderSources.Sequence([1, 2], [3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => sequence.SplitTo(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => sequence.SplitTo(-1));
        Assert.Equal([1, 2, 3], sequence.AsReadOnlySequence().ToArray());
    }
}
