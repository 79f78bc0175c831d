using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using Polder.Bytes;

namespace Polder.Tests.Bytes;

/// <summary>One content behind every kind of reader there is.</summary>
internal sealed class ReaderSources : IDisposable
{
    private readonly byte[] _bytes;
    private readonly List<IDisposable> _owned = [];

    public ReaderSources(byte[] bytes)
    {
        _bytes = bytes;
    }

    public delegate void Check(string source, BufferReader reader);

    public static IEnumerable<int> Cuts(int length) =>
        new[] { 0, 1, length / 3, length / 2, length - 1, length }.Where(cut => cut >= 0 && cut <= length).Distinct();

    public void ForEach(Check check)
    {
        check("span", new BufferReader(_bytes));
        check("slice", new BufferReader(Own(BufferSlice.CopyFrom(_bytes))));
        byte[] padded = [9, .. _bytes, 9, 9];
        using (BufferSlice whole = BufferSlice.CopyFrom(padded))
        {
            check("part of a slice", new BufferReader(Own(whole.RetainSlice(1, _bytes.Length))));
            BufferReader limited = new(whole);
            limited.Advance(1);
            check("limited slice", limited.Take(_bytes.Length));
        }

        check("array sequence", new BufferReader(new ReadOnlySequence<byte>(padded, 1, _bytes.Length)));
        foreach (int cut in Cuts(_bytes.Length))
        {
            check($"slices cut at {cut}", new BufferReader(Own(Sequence(_bytes[..cut], _bytes[cut..]))));
            check($"segments cut at {cut}", new BufferReader(
                Segment.Chain([], _bytes[..cut], [], [], _bytes[cut..], [])));
            BufferSequence longer = Own(Sequence([9], padded[..(1 + cut)], padded[(1 + cut)..]));
            BufferReader limited = new(longer);
            limited.Advance(2);
            check($"limited slices cut at {cut}", limited.Take(_bytes.Length));
            longer.SplitTo(2).Dispose();
            check($"sequence slices cut at {cut}",
                new BufferReader(longer.AsReadOnlySequence().Slice(0, _bytes.Length)));
        }

        check("a slice for each byte", new BufferReader(Own(Sequence([.. _bytes.Select(one => new[] { one })]))));
    }

    public void Dispose() => _owned.ForEach(item => item.Dispose());

    public static BufferSequence Sequence(params byte[][] parts)
    {
        BufferSequence sequence = new();
        foreach (byte[] part in parts)
        {
            sequence.Append(BufferSlice.CopyFrom(part));
        }

        return sequence;
    }

    private T Own<T>(T item)
        where T : IDisposable
    {
        _owned.Add(item);
        return item;
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public static ReadOnlySequence<byte> Chain(params byte[][] parts)
        {
            Segment first = new() { Memory = parts[0] };
            Segment last = first;
            foreach (byte[] part in parts.Skip(1))
            {
                Segment next = new() { Memory = part, RunningIndex = last.RunningIndex + last.Memory.Length };
                last.Next = next;
                last = next;
            }

            return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
        }
    }
}
