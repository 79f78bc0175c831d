using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Bytes;
using Xunit;

namespace Polder.Tests.Bytes;

/// <summary>Random scripts over many handles beside plain lists of bytes.</summary>
public sealed class BufferScriptTests
{
    private const int StepCount = 250;

    private readonly ITestOutputHelper _output;

    public BufferScriptTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Theory]
    [InlineData(BufferChecks.None, 60)]
    [InlineData(BufferChecks.Full, 15)]
    [InlineData(BufferChecks.Paranoid, 10)]
    public void A_script_of_operations_equals_lists_of_bytes_and_every_block_goes_back(BufferChecks checks, int seeds)
    {
        int first = int.Parse(Environment.GetEnvironmentVariable("POLDER_FUZZ_SEED") ?? "1");
        _output.WriteLine($"seeds {first} to {first + seeds - 1}");
        for (int seed = first; seed < first + seeds; seed++)
        {
            BufferAllocator pool = BufferAllocator.CreatePool(1 << 20, 1 << 20, checks);
            Run(seed, pool);
            Assert.True(pool.RentedBytes == 0, $"seed {seed}: {pool.RentedBytes} bytes are still rented");
            Assert.InRange(pool.RetainedBytes, 0, 1 << 20);
            pool.Trim();
            Assert.Equal(0, pool.RetainedBytes);
        }
    }

    [Fact]
    public void Each_block_of_a_script_comes_back_exactly_once()
    {
        for (int seed = 100; seed < 120; seed++)
        {
            LedgerAllocator ledger = new();
            Run(seed, ledger);
            Assert.True(ledger.RentCount > 10);
            ledger.AssertEachCameBackOnce();
        }
    }

    private static void Run(int seed, BufferAllocator allocator)
    {
        Script script = new(new Random(seed), allocator);
        for (int step = 0; step < StepCount; step++)
        {
            script.Step();
            script.Check($"seed {seed}, step {step}");
        }

        script.DisposeAll();
    }

    private sealed class Script
    {
        private readonly Random _random;
        private readonly BufferAllocator _allocator;
        private readonly List<(BufferBuilder Builder, List<byte> Model)> _builders = [];
        private readonly List<(BufferSlice Slice, byte[] Model)> _slices = [];

        public Script(Random random, BufferAllocator allocator)
        {
            _random = random;
            _allocator = allocator;
            AddBuilder();
        }

        public void Step()
        {
            if (_builders.Count == 0)
            {
                AddBuilder();
            }

            int chosen = _random.Next(_builders.Count);
            (BufferBuilder builder, List<byte> model) = _builders[chosen];
            switch (_random.Next(4))
            {
                case 0:
                    Grow(builder, model);
                    break;
                case 1:
                    Shrink(builder, model);
                    break;
                case 2:
                    Split(chosen);
                    break;
                default:
                    UseSlice();
                    break;
            }

            while (_builders.Count > 8)
            {
                _builders[0].Builder.Dispose();
                _builders.RemoveAt(0);
            }

            while (_slices.Count > 20)
            {
                int victim = _random.Next(_slices.Count);
                _slices[victim].Slice.Dispose();
                _slices.RemoveAt(victim);
            }
        }

        public void Check(string where)
        {
            foreach ((BufferBuilder builder, List<byte> model) in _builders)
            {
                Assert.True(builder.Span.SequenceEqual(model.ToArray()), where);
                Assert.True(builder.Capacity >= builder.Length, where);
            }

            Assert.All(_slices, entry => Assert.True(entry.Slice.Span.SequenceEqual(entry.Model), where));
        }

        public void DisposeAll()
        {
            _builders.ForEach(entry => entry.Builder.Dispose());
            _slices.ForEach(entry => entry.Slice.Dispose());
        }

        private void AddBuilder() =>
            _builders.Add((new BufferBuilder(_random.Next(2) * 70_000, _allocator), []));

        private void Grow(BufferBuilder builder, List<byte> model)
        {
            byte[] written = new byte[_random.Next(0, 2000)];
            _random.NextBytes(written);
            switch (_random.Next(5))
            {
                case 0:
                    builder.Write(written);
                    model.AddRange(written);
                    break;
                case 1:
                    Span<byte> span = builder.GetSpan(_random.Next(0, 100));
                    int advanced = _random.Next(0, int.Min(span.Length, 50));
                    span[..advanced].Fill(0xEE);
                    builder.Advance(advanced);
                    model.AddRange(Enumerable.Repeat((byte)0xEE, advanced));
                    break;
                case 2:
                    int more = _random.Next(0, 3000);
                    builder.Resize(model.Count + more, 0x77);
                    model.AddRange(Enumerable.Repeat((byte)0x77, more));
                    break;
                case 3 when _slices.Count > 0:
                    int source = _random.Next(_slices.Count);
                    (BufferSlice slice, byte[] bytes) = _slices[source];
                    _slices.RemoveAt(source);
                    builder.Write(slice);
                    model.AddRange(bytes);
                    break;
                default:
                    int additional = _random.Next(0, 80_000);
                    bool isReclaimed = builder.TryReclaim(additional);
                    builder.Reserve(additional);
                    Assert.True(builder.Capacity - builder.Length >= additional);
                    Assert.True(isReclaimed || additional > 0);
                    break;
            }
        }

        private void Shrink(BufferBuilder builder, List<byte> model)
        {
            int count = _random.Next(0, model.Count + 1);
            switch (_random.Next(3))
            {
                case 0:
                    int capacity = builder.Capacity;
                    builder.Consume(count);
                    Assert.Equal(capacity - count, builder.Capacity);
                    model.RemoveRange(0, count);
                    break;
                case 1:
                    builder.Resize(count);
                    model.RemoveRange(count, model.Count - count);
                    break;
                default:
                    builder.Clear();
                    model.Clear();
                    break;
            }
        }

        private void Split(int chosen)
        {
            (BufferBuilder builder, List<byte> model) = _builders[chosen];
            int capacity = builder.Capacity;
            switch (_random.Next(4))
            {
                case 0:
                    int index = _random.Next(0, model.Count + 1);
                    BufferBuilder head = builder.SplitTo(index);
                    Assert.Equal(capacity, head.Capacity + builder.Capacity);
                    _builders.Add((head, model[..index]));
                    model.RemoveRange(0, index);
                    break;
                case 1:
                    int kept = _random.Next(2) == 0 ? _random.Next(0, model.Count + 1) : _random.Next(0, capacity + 1);
                    BufferBuilder tail = builder.SplitOff(kept);
                    Assert.Equal(capacity, tail.Capacity + builder.Capacity);
                    _builders.Add((tail, model[int.Min(kept, model.Count)..]));
                    model.RemoveRange(int.Min(kept, model.Count), int.Max(0, model.Count - kept));
                    break;
                case 2 when _builders.Count > 1:
                    int other = _random.Next(_builders.Count);
                    (BufferBuilder behind, List<byte> behindModel) = _builders[other];
                    if (builder.TryUnsplit(behind))
                    {
                        model.AddRange(behindModel);
                        _builders.RemoveAt(other);
                    }

                    break;
                default:
                    _slices.Add((builder.Freeze(), model.ToArray()));
                    _builders.RemoveAt(chosen);
                    break;
            }
        }

        private void UseSlice()
        {
            if (_slices.Count == 0)
            {
                return;
            }

            int chosen = _random.Next(_slices.Count);
            (BufferSlice slice, byte[] model) = _slices[chosen];
            int start = _random.Next(0, model.Length + 1);
            int end = _random.Next(start, model.Length + 1);
            switch (_random.Next(6))
            {
                case 0:
                    _slices.Add((slice.RetainSlice(start, end - start), model[start..end]));
                    break;
                case 1:
                    Assert.True(slice.TryRetainSubset(slice.Span[start..end], out BufferSlice? subset));
                    _slices.Add((subset, model[start..end]));
                    break;
                case 2:
                    (BufferSlice head, BufferSlice tail) = slice.SplitAt(start);
                    _slices[chosen] = (head, model[..start]);
                    _slices.Add((tail, model[start..]));
                    break;
                case 3:
                    bool isUnique = slice.IsUnique;
                    bool isThawed = slice.TryUnfreeze(out BufferBuilder? builder);
                    Assert.Equal(isUnique, isThawed);
                    if (isThawed)
                    {
                        _slices.RemoveAt(chosen);
                        _builders.Add((builder!, [.. model]));
                    }

                    break;
                case 4:
                    _slices[chosen] = (slice.Compact(_random.NextDouble()), model);
                    break;
                default:
                    slice.Dispose();
                    _slices.RemoveAt(chosen);
                    break;
            }
        }
    }
}
