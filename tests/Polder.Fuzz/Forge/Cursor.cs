using System;

namespace Polder.Fuzz.Forge;

/// <summary>Takes choices from the front of an input; zeros where it has ended.</summary>
internal ref struct Cursor(ReadOnlySpan<byte> input)
{
    private ReadOnlySpan<byte> _rest = input;

    public readonly bool AtEnd => _rest.IsEmpty;

    public readonly ReadOnlySpan<byte> Rest => _rest;

    public int Byte()
    {
        int value = _rest.IsEmpty ? 0 : _rest[0];
        _rest = _rest.IsEmpty ? _rest : _rest[1..];
        return value;
    }

    public int Short() => Byte() | (Byte() << 8);

    public int Int() => Short() | (Short() << 16);

    public int Below(int limit) => limit <= 1 ? 0 : limit <= 256 ? Byte() % limit : (Int() & int.MaxValue) % limit;

    public ReadOnlySpan<byte> Take(int count)
    {
        ReadOnlySpan<byte> taken = _rest[..int.Min(count, _rest.Length)];
        _rest = _rest[taken.Length..];
        return taken;
    }
}
